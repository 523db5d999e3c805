/**
 * How conversations ended: "2 closed, 1 reset"; set apart by semicolons where one has a comma itself. `safe`: they can name files, and what is
 * harmless differs from view to view.
 */
export function outcomesText(outcomes: Readonly<Record<string, number>>, safe: (outcome: string) => string = (outcome) => outcome): string {
  const separator = Object.keys(outcomes).some((outcome) => outcome.includes(',')) ? '; ' : ', ';
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${count} ${safe(outcome)}`)
    .join(separator);
}
