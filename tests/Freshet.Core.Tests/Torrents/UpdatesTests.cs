using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents;

public class UpdatesTests
{
    private const byte TheirNumber = 7;

    private static readonly ImmutableArray<long> Files = [4 * TorrentRig.PieceLength, 4 * TorrentRig.PieceLength];

    private readonly byte[] _info = new byte[1000];

    /// <summary>libtorrent treats whatever is missing from a handshake as withdrawn, and ut_pex and ut_metadata for good.</summary>
    [Fact]
    public void The_handshake_that_says_we_want_nothing_offers_everything_that_the_first_one_did()
    {
        TorrentRig rig = new TorrentRig(info: _info).Start();
        PeerKey peer = rig.Connect(1);
        ExtensionHandshake first = Assert.Single(Handshakes(rig, peer));
        Assert.Null(first.UploadOnly);
        rig.Serve(rig.ConnectSeed(2));
        ExtensionHandshake update = Assert.Single(Handshakes(rig, peer));
        Assert.True(update.UploadOnly);
        Assert.Equal(
            ["lt_donthave", "upload_only", "ut_holepunch", "ut_metadata", "ut_pex"],
            update.Extensions.Select(static one => one.Name).Order());
        AssertOffersTheSame(first, update);
    }

    /// <summary>libtorrent learns it from a message of its own, and from no handshake.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void That_we_want_pieces_again_is_sent_as_a_message_if_that_is_accepted_and_otherwise_as_a_handshake(bool takesMessage)
    {
        TorrentRig rig = new TorrentRig(info: _info, files: Files, settings: WantingFirst(true)).Start(0, 1, 2, 3);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Extended(
            0, new ExtensionHandshake { Extensions = takesMessage ? [new PeerExtension("upload_only", TheirNumber)] : [] }.ToArray()));
        ExtensionHandshake first = Assert.Single(Handshakes(rig, peer));
        Assert.True(first.UploadOnly);
        rig.Machine.ApplySettings(WantingFirst(false), rig.Now);
        PeerMessage update = Assert.Single(rig.Take(peer), static message => message.Id == MessageId.Extended);
        if (takesMessage)
        {
            Assert.Equal(TheirNumber, update.Number);
            Assert.Equal([0], update.Payload.ToArray());
            return;
        }

        Assert.True(ExtensionHandshake.TryParse(update.Payload.Span, out ExtensionHandshake second));
        Assert.False(second.UploadOnly);
        AssertOffersTheSame(first, second);
    }

    [Fact]
    public void The_end_of_super_seeding_withdraws_nothing()
    {
        TorrentSettings always = new() { SuperSeeding = SuperSeeding.Always };
        TorrentRig rig = new TorrentRig(pieces: 32, info: _info, settings: always, decidesOffer: true).StartComplete();
        PeerKey peer = rig.Connect(1);
        ExtensionHandshake first = Assert.Single(Handshakes(rig, peer));
        Assert.Null(first.UploadOnly);
        rig.Machine.ApplySettings(new TorrentSettings { SuperSeeding = SuperSeeding.Never }, rig.Now);
        rig.Advance(TimeSpan.FromSeconds(1));
        ExtensionHandshake update = Handshakes(rig, peer)[^1];
        Assert.True(update.UploadOnly);
        AssertOffersTheSame(first, update);
    }

    /// <summary>20,000 pieces to 50 peers would be a million messages in one call.</summary>
    [Fact]
    public void A_whole_large_torrent_is_revealed_to_many_peers_in_turns()
    {
        const int Pieces = 5_000;
        TorrentRig rig = new TorrentRig(
            Pieces, settings: new TorrentSettings { SuperSeeding = SuperSeeding.Always }, decidesOffer: true).StartComplete();
        PeerKey[] peers = [.. Enumerable.Range(1, 20).Select(number => rig.Connect(number))];

        // Nobody needs to be told about what it has itself. Besides the Have messages, each is choked and told that we want nothing.
        rig.Receive(peers[0], PeerMessage.Bitfield(rig.Pieces([.. Enumerable.Range(0, Pieces - 10)])));
        foreach (PeerKey peer in peers)
            rig.Take(peer);
        rig.Machine.ApplySettings(new TorrentSettings { SuperSeeding = SuperSeeding.Never }, rig.Now);
        int before = rig.Effects.Sent.Count;
        rig.Pass(TimeSpan.FromSeconds(1));
        rig.Machine.Tick(rig.Now);
        Assert.InRange(rig.Effects.Sent.Count - before, 1_000, UpdateLimits.MaxHaves + (2 * peers.Length));
        for (int i = 0; i < 30; i++)
        {
            before = rig.Effects.Sent.Count;
            rig.Pass(TimeSpan.FromMilliseconds(UpdateLimits.IntervalMilliseconds));
            rig.Machine.Tick(rig.Now);
            Assert.InRange(rig.Effects.Sent.Count - before, 0, UpdateLimits.MaxHaves + (2 * peers.Length));
        }

        Assert.InRange(Told(rig.Take(peers[0])).Count, 9, 10);
        foreach (PeerKey peer in peers[1..])
        {
            List<PeerMessage> sent = rig.Take(peer);
            Assert.InRange(Told(sent).Count, Pieces - 1, Pieces);
            Assert.Equal(Told(sent).Count, Told(sent).Distinct().Count());
            Assert.Equal(MessageId.Extended, sent[^1].Id);
        }

        static List<PieceIndex> Told(List<PeerMessage> sent) =>
            [.. sent.Where(static message => message.Id == MessageId.Have).Select(static message => message.Piece)];
    }

    private static void AssertOffersTheSame(ExtensionHandshake first, ExtensionHandshake update)
    {
        Assert.NotEmpty(first.Extensions);
        Assert.NotNull(first.MetadataSize);
        Assert.Equal(first with { Extensions = [], UploadOnly = null }, update with { Extensions = [], UploadOnly = null });
        Assert.Equal(first.Extensions, update.Extensions);
    }

    private static TorrentSettings WantingFirst(bool only) =>
        new() { FilePriorities = [PiecePriority.Normal, only ? PiecePriority.Skip : PiecePriority.Normal] };

    private static List<ExtensionHandshake> Handshakes(TorrentRig rig, PeerKey peer)
    {
        List<ExtensionHandshake> handshakes = [];
        foreach (PeerMessage message in rig.Take(peer))
        {
            if (message.Id != MessageId.Extended || message.Number != ExtensionHandshake.MessageNumber)
                continue;
            Assert.True(ExtensionHandshake.TryParse(message.Payload.Span, out ExtensionHandshake handshake));
            handshakes.Add(handshake);
        }

        return handshakes;
    }
}
