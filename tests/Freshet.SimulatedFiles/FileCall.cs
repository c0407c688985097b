namespace Freshet.SimulatedFiles;

/// <summary>A call to the file system.</summary>
/// <param name="Operation">What is called.</param>
/// <param name="Path">The full path.</param>
/// <param name="Offset">Where in the file, for reads and writes.</param>
/// <param name="Length">How many bytes, for reads and writes.</param>
/// <param name="Writes">Whether it changes something, or opens a file to do so.</param>
internal readonly record struct FileCall(FileOperation Operation, string Path, long Offset, long Length, bool Writes)
{
    /// <summary>Whether it reads or writes bytes of a range of a file.</summary>
    public bool Touches(string path, long offset, long length) =>
        Path == path && Operation is FileOperation.Read or FileOperation.Write && Offset < offset + length && offset < Offset + Length;
}
