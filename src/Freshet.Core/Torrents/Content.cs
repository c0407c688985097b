using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// What a torrent has once its metadata is known: how its bytes lie, which of them are there, and what to ask for next. Until then it is a
/// content of no pieces, so that whatever asks of it gets an answer; <see cref="IsKnown"/> tells the two apart.
/// </summary>
internal sealed class Content
{
    private Content(bool isKnown, PieceLayout layout, ImmutableArray<TorrentFile> files, Random random)
    {
        IsKnown = isKnown;
        Layout = layout;
        Files = files;
        Availability = new Availability(layout.PieceCount, random);
        Ledger = new PieceLedger(layout, Availability);
        Picker = new PiecePicker(Ledger, Availability);
    }

    public bool IsKnown { get; }

    public PieceLayout Layout { get; }

    public ImmutableArray<TorrentFile> Files { get; }

    public Availability Availability { get; }

    public PieceLedger Ledger { get; }

    public PiecePicker Picker { get; }

    /// <summary>The content of a torrent whose metadata is not known yet.</summary>
    public static Content Unknown(Random random) => new(false, new PieceLayout(Limits.BlockLength, []), [], random);

    public static Content Of(TorrentMetainfo metainfo, Random random) => new(true, metainfo.Layout, metainfo.Files, random);
}
