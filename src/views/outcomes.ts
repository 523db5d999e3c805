/** How conversations ended: "2 closed, 1 reset"; set apart by semicolons where one has a comma itself. */
export function outcomesText(outcomes: Readonly<Record<string, number>>): string {
  const separator = Object.keys(outcomes).some((outcome) => outcome.includes(',')) ? '; ' : ', ';
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(separator);
}
