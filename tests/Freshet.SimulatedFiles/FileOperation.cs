namespace Freshet.SimulatedFiles;

/// <summary>A kind of call to the file system.</summary>
internal enum FileOperation
{
    Open,
    Stat,
    Read,
    Write,
    Flush,
    SetLength,
    FindData,
    MakeExecutable,
    CreateFolder,
    CreateLink,
    Rename,
    Delete,
    DeleteFolder,
    List,
    FlushFolder,
}
