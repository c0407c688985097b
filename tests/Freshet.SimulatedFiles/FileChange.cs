namespace Freshet.SimulatedFiles;

/// <summary>A page of a file that was written, or a new length of the file.</summary>
/// <param name="Page">Which page.</param>
/// <param name="Bytes">What the page holds now; null for a new length.</param>
/// <param name="Length">The length of the file: at least this with a page, exactly this without one.</param>
/// <param name="TimeUtc">When it was made.</param>
internal sealed record FileChange(long Page, byte[]? Bytes, long Length, DateTime TimeUtc);
