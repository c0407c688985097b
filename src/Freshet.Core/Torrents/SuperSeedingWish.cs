using System.Globalization;

namespace Freshet.Core.Torrents;

/// <summary>Tells the user who asks for super-seeding (BEP 16) if the torrent has too few or too many pieces for it.</summary>
internal static class SuperSeedingWish
{
    /// <summary>The torrent seeds from now on, or its user asks for super-seeding while it does.</summary>
    public static void Answer(TorrentContext torrent)
    {
        if (torrent.Settings.SuperSeeding != SuperSeeding.Always || torrent.Phase is not TorrentPhase.Seeding)
            return;
        int pieces = torrent.Layout.PieceCount;
        if (pieces is >= Limits.MinHiddenPieces and <= Limits.MaxHiddenPieces)
            return;
        torrent.Effects.Report(new TorrentFact.Warning(string.Create(
            CultureInfo.InvariantCulture,
            $"It seeds without super-seeding, which takes {Limits.MinHiddenPieces:N0} to {Limits.MaxHiddenPieces:N0} pieces. "
            + $"It has {pieces:N0}.")));
    }
}
