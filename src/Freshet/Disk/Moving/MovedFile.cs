namespace Freshet.Disk.Moving;

/// <summary>A file or a link that is to be moved.</summary>
/// <param name="Index">Its number, which names its copy as long as that is not whole.</param>
/// <param name="Path">Its path below both folders, with <c>/</c> between elements.</param>
internal sealed record MovedFile(int Index, string Path)
{
    /// <summary>Whether those may run it who may read it.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>What it holds if it is a symbolic link; null if it is a file.</summary>
    public string? Link { get; init; }
}
