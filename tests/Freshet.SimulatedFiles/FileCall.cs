namespace Freshet.SimulatedFiles;

/// <summary>A call to the file system.</summary>
/// <param name="Operation">Which operation is called.</param>
/// <param name="Path">The full path.</param>
/// <param name="Offset">The offset in the file, for reads and writes.</param>
/// <param name="Length">The number of bytes, for reads and writes.</param>
/// <param name="Writes">Whether it changes something, or opens a file in order to change it.</param>
internal readonly record struct FileCall(FileOperation Operation, string Path, long Offset, long Length, bool Writes)
{
    /// <summary>Whether it reads or writes bytes in a range of a file.</summary>
    public bool Touches(string path, long offset, long length) =>
        Path == path && Operation is FileOperation.Read or FileOperation.Write && Offset < offset + length && offset < Offset + Length;
}
