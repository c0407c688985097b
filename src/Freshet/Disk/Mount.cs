namespace Freshet.Disk;

/// <summary>A mounted file system.</summary>
/// <param name="Path">Its mount point; empty if it is not known.</param>
/// <param name="Id">
/// Distinguishes it from others that were or will be mounted at the same path. The kernel gives an id to another mount only when nothing
/// uses the first any more; a thread that hangs in it does.
/// </param>
internal readonly record struct Mount(string Path, int Id);
