namespace Freshet.SimulatedFiles;

/// <summary>A page of a file that was written, or a new length.</summary>
/// <param name="Page">Which page.</param>
/// <param name="Bytes">What it holds now; null for a new length.</param>
/// <param name="Length">The length of the file by it: at least this with a page, this without.</param>
/// <param name="TimeUtc">When.</param>
internal sealed record FileChange(long Page, byte[]? Bytes, long Length, DateTime TimeUtc);
