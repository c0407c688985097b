namespace Freshet.Disk;

/// <summary>A link leads out of the download folder.</summary>
internal sealed class UnsafePathException(string path) : IOException($"{path} leads out of the download folder.");
