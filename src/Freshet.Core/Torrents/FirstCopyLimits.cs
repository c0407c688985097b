namespace Freshet.Core.Torrents;

/// <summary>What bounds super-seeding beside <see cref="Limits.MaxHiddenPieces"/>.</summary>
internal static class FirstCopyLimits
{
    /// <summary>
    /// Pieces that the only peer has asked for and that have not left whole: of so many it is known which blocks were sent. Clients
    /// download few pieces at once.
    /// </summary>
    public const int MaxAskedPieces = 1_024;
}
