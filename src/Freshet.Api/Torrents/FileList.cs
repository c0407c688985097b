namespace Freshet.Api;

/// <summary>The files of a torrent.</summary>
public sealed record FileList
{
    /// <summary>Without padding files; empty without metadata.</summary>
    public required IReadOnlyList<FileItem> Files { get; init; }
}
