using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>A direction of transfer between memory and files.</summary>
internal sealed class FileTransfer
{
    private readonly Run _run;

    private FileTransfer(FileAccess access, string verb, Run run)
    {
        Access = access;
        Verb = verb;
        _run = run;
    }

    private delegate bool Run(IFile file, ref IoCursor cursor, long offset, int length);

    /// <summary>From files to memory.</summary>
    public static FileTransfer Read { get; } = new(FileAccess.Read, "read", VectoredIo.TryRead);

    /// <summary>The same, but only what needs no wait for the disk.</summary>
    public static FileTransfer ReadCached { get; } = new(FileAccess.Read, "read", VectoredIo.TryReadCached);

    /// <summary>From memory to files.</summary>
    public static FileTransfer Write { get; } = new(FileAccess.ReadWrite, "write", VectoredIo.Write);

    /// <summary>The access needed to the file.</summary>
    public FileAccess Access { get; }

    /// <summary>The verb for error messages.</summary>
    public string Verb { get; }

    /// <summary>Transfers the cursor's next bytes; false if they are not all there, or would need a wait.</summary>
    public bool TryMove(IFile file, ref IoCursor cursor, FileSlice slice) => _run(file, ref cursor, slice.Offset, slice.Length);

    /// <summary>Skips bytes that are never stored, and are zero.</summary>
    public void Skip(ref IoCursor cursor, int length)
    {
        if (Access == FileAccess.Read)
            cursor.Clear(length);
        else
            cursor.Advance(length);
    }
}
