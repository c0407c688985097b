using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>Sends a new peer our pieces (BEP 3, BEP 6), which must be the first message, then our extension handshake (BEP 10).</summary>
internal static class Greeting
{
    /// <summary>Our client name and version as sent to peers.</summary>
    public const string Client = "Freshet 0.1.0";

    public static void Send(TorrentContext torrent, Peer peer, Timestamp now)
    {
        Bitfield have = torrent.Offer.PiecesFor(torrent.Ledger.Have, peer);
        bool isHidden = torrent.Offer.IsHiddenFrom(peer);
        if (peer.IsFast && have.IsFull && torrent.HasContent && !isHidden)
            peer.Send(PeerMessage.HaveAll, now);
        else if (have.Count > 0)
            peer.Send(PeerMessage.Bitfield(have.ToArray()), now);
        else if (peer.IsFast)
            peer.Send(PeerMessage.HaveNone, now);
        if (peer.HasExtensions)
            peer.Send(PeerMessage.Extended(ExtensionHandshake.MessageNumber, OurHandshake(torrent, peer).ToArray()), now);
    }

    /// <summary>
    /// Sends another extension handshake that repeats the first one with current values: BEP 10 has it carry changes only, but some clients
    /// treat whatever is missing as withdrawn.
    /// </summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="withdrawn">Extensions that were offered before and no longer are; sent with number 0.</param>
    /// <param name="now">The time.</param>
    public static void SendHandshake(TorrentContext torrent, Peer peer, ImmutableArray<PeerExtension> withdrawn, Timestamp now)
    {
        ExtensionHandshake first = OurHandshake(torrent, peer);
        ExtensionHandshake update = first with
        {
            Extensions = [.. first.Extensions, .. withdrawn],
            UploadOnly = IsUploadOnlyTo(torrent, peer),
        };
        peer.Send(PeerMessage.Extended(ExtensionHandshake.MessageNumber, update.ToArray()), now);
    }

    /// <summary>Whether the peer is to be told that we want no piece (BEP 21).</summary>
    public static bool IsUploadOnlyTo(TorrentContext torrent, Peer peer) =>
        torrent.HasContent && torrent.Ledger.IsFinished && !torrent.Offer.IsHiddenFrom(peer);

    private static ExtensionHandshake OurHandshake(TorrentContext torrent, Peer peer) => new()
    {
        Client = Client,
        Extensions = torrent.ExtensionTable.Offered,
        MetadataSize = torrent.OfferedMetadataSize,
        PrefersEncryption = torrent.Options.PrefersEncryption ? true : null,
        Port = torrent.Options.ListenPort > 0 ? torrent.Options.ListenPort : null,
        RequestQueue = Limits.PromisedQueuedUploads,
        YourIp = peer.EndPoint.Address,

        // Some clients disconnect a peer that only uploads and has nothing they want.
        UploadOnly = IsUploadOnlyTo(torrent, peer) ? true : null,
    };
}
