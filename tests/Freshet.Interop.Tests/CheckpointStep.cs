namespace Freshet.Interop.Tests;

/// <summary>The steps of a checkpoint, named by the system call that a victim died at.</summary>
internal enum CheckpointStep
{
    /// <summary>A call that no checkpoint makes.</summary>
    None,

    /// <summary>The data, or its folder, was about to be flushed.</summary>
    DataFlush,

    /// <summary>The data was flushed; the new record was about to be written.</summary>
    RecordWrite,

    /// <summary>The new record was about to be flushed.</summary>
    RecordFlush,

    /// <summary>A record was about to be renamed: the previous one out of its place, or the new one into it.</summary>
    RecordRename,

    /// <summary>The folder of the record was about to be flushed.</summary>
    FolderFlush,
}
