namespace Freshet.FileSystem;

/// <summary>A symbolic link lies in the place of a file, or leads out of the root.</summary>
internal sealed class UnsafePathException(string path) : IOException($"{path} is, or lies behind, a symbolic link that is not followed.");
