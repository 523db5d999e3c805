/** Whose a cause is, as it follows its name: "on 10.0.0.2", "on the path", "in the capture". */
export function placeText(where: string): string {
  return where === 'the capture' ? 'in the capture' : `on ${where}`;
}
