namespace Freshet.Interop.Tests;

/// <summary>The steps of a checkpoint, by the system call that a victim died at.</summary>
internal enum CheckpointStep
{
    /// <summary>Nothing that a checkpoint does.</summary>
    None,

    /// <summary>The data, or its folder, was to be flushed.</summary>
    DataFlush,

    /// <summary>The data is flushed; the new record was to be written.</summary>
    RecordWrite,

    /// <summary>The new record was to be flushed.</summary>
    RecordFlush,

    /// <summary>A record was to be renamed: the one before it out of its place, or the new one into it.</summary>
    RecordRename,

    /// <summary>The folder of the record was to be flushed.</summary>
    FolderFlush,
}
