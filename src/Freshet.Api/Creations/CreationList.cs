namespace Freshet.Api;

/// <summary>Torrents that are being made or were.</summary>
public sealed record CreationList
{
    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<CreationItem> Creations { get; init; }
}
