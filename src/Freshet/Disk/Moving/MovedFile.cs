namespace Freshet.Disk.Moving;

/// <summary>A file or a link to move.</summary>
/// <param name="Index">Its index, which names its copy until that is complete.</param>
/// <param name="Path">Its path below both folders, with <c>/</c> between elements.</param>
internal sealed record MovedFile(int Index, string Path)
{
    /// <summary>Whether everyone who may read it may execute it.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>The target if it is a symbolic link; null if it is a file.</summary>
    public string? Link { get; init; }
}
