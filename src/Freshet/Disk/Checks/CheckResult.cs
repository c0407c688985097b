using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk.Checks;

/// <summary>The result of a check.</summary>
/// <param name="Error">Why it ended early; null if every piece was checked.</param>
/// <param name="Good">The pieces that are good.</param>
internal sealed record CheckResult(StorageError? Error, Bitfield Good);
