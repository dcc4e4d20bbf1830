export { compareTrees, type TreeComparison, type TreeDifference } from "./data/compare-trees.js";
export { type ExportRequest, type ExportSummary, writeSalesforceExport } from "./data/salesforce-export.js";
