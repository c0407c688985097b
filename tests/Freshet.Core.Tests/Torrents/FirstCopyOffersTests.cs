using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>When a seed hides its pieces, and to whom it offers how much then.</summary>
public class FirstCopyOffersTests
{
    [Theory]
    [InlineData("web seed")]
    [InlineData("two seeds at the tracker")]
    [InlineData("a seed was connected")]
    [InlineData("few pieces")]
    [InlineData("very many pieces")]
    [InlineData("a piece is missing")]
    public void Nothing_is_hidden_if_there_is_nothing_to_gain(string because)
    {
        const string Tracker = "http://tracker.example/announce";
        int pieces = because switch
        {
            "few pieces" => Limits.MinHiddenPieces - 1,
            "very many pieces" => Limits.MaxHiddenPieces + 1,
            _ => 32,
        };
        TorrentRig rig = new(
            pieces, new TorrentSettings(), Tracker, decidesOffer: true,
            webSeeds: because == "web seed" ? ["http://files.example/"] : default);
        if (because == "a piece is missing")
            rig.Start([.. Enumerable.Range(0, pieces - 1)]);
        else
            rig.StartComplete();
        if (because == "two seeds at the tracker")
        {
            AnnounceResponse response = new() { Interval = TimeSpan.FromMinutes(30), Seeders = 2 };
            rig.Machine.OnAnnounced(rig.Target(Tracker), response, rig.Now);
        }

        if (because == "a seed was connected")
            rig.Receive(rig.ConnectNamed(9), PeerMessage.HaveAll);
        rig.Receive(rig.Connect(1), PeerMessage.HaveNone);
        Assert.DoesNotContain(rig.Take(rig.Connect(2)), static message => message.Id == MessageId.HaveNone);
    }

    [Fact]
    public void Where_there_is_something_to_gain_pieces_are_hidden_from_the_second_peer()
    {
        TorrentRig rig = Rig();
        rig.Receive(rig.Connect(1), PeerMessage.HaveNone);
        Assert.Contains(rig.Take(rig.Connect(2)), static message => message.Id == MessageId.HaveNone);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(20, 4)]
    public void Only_a_few_are_offered_something_before_anybody_has_asked(int slots, int offered)
    {
        TorrentRig rig = Rig(slots: slots);
        rig.Connect(1);
        PeerKey[] peers = [.. Enumerable.Range(2, 8).Select(number => rig.Connect(number))];
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.HaveNone, PeerMessage.Interested);
        rig.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(offered, peers.Count(peer => Haves(rig, peer).Length > 0));
    }

    [Fact]
    public void Who_is_told_of_little_takes_no_slot_from_who_knows_everything()
    {
        TorrentRig rig = Rig(slots: 1);
        PeerKey first = rig.Connect(1);
        foreach (PeerKey peer in new[] { rig.Connect(2), rig.Connect(3), rig.Connect(4) })
            rig.Receive(peer, PeerMessage.HaveNone, PeerMessage.Interested);
        rig.Receive(first, PeerMessage.Interested);
        Assert.False(rig.IsChoked(1));
        rig.Advance(TimeSpan.FromSeconds(0.3));
        Assert.False(rig.IsChoked(1));
    }

    private static TorrentRig Rig(int? slots = null) =>
        new TorrentRig(32, new TorrentSettings { UploadSlots = slots }, decidesOffer: true).StartComplete();

    private static PieceIndex[] Haves(TorrentRig rig, PeerKey peer) =>
        [.. rig.Effects.Sent
            .Where(entry => entry.Peer == peer && entry.Message.Id == MessageId.Have)
            .Select(static entry => entry.Message.Piece)];
}
