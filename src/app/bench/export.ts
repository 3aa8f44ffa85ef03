/** The report to take away, in the forms of the command line. */

import { toJson, toMarkdown } from '../../bench/document';
import type { BenchReport } from '../../bench/report';
import { browserName, processorText, systemName } from './machine';

const machineOf = (at: Date) => ({
  date: `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`, cpu: processorText(), system: systemName(), program: browserName(),
});

export const reportJson = (report: BenchReport, at: Date): string => toJson(report, machineOf(at));
export const reportMarkdown = (report: BenchReport, at: Date): string => toMarkdown(report, machineOf(at));
