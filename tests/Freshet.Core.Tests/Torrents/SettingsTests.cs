using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class SettingsTests
{
    private const string Tracker = "http://tracker.test/announce";

    // Two files of two and a half pieces each: the third piece belongs to both.
    private static readonly ImmutableArray<long> Files = [5 * TorrentRig.PieceLength / 2, 5 * TorrentRig.PieceLength / 2];

    [Fact]
    public void Only_pieces_of_wanted_files_are_downloaded_and_they_make_it_complete()
    {
        var rig = new TorrentRig(settings: Wanting(PiecePriority.Normal, PiecePriority.Skip), tracker: Tracker, files: Files).Start();
        rig.Machine.OnAnnounced(rig.Target(Tracker), new AnnounceResponse { Interval = TimeSpan.FromSeconds(30) }, rig.Now);
        PeerKey seed = rig.ConnectSeed(1);
        rig.Serve(seed);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 5).Where(piece => rig.Machine.Have[new PieceIndex(piece)]));
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.Completed>());
        Assert.Equal(1, rig.Machine.Snapshot(rig.Now).Progress);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Left.Bytes);

        // To trackers and other peers we are a partial seed: nothing is wanted, but not everything is there (BEP 21).
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AnnounceEvent.Paused, rig.Effects.Announces[^1].Request.Event);
        Assert.Equal(2 * TorrentRig.PieceLength, rig.Effects.Announces[^1].Request.Left);
    }

    [Fact]
    public void A_file_wanted_later_starts_the_download_again()
    {
        var rig = new TorrentRig(settings: Wanting(PiecePriority.Normal, PiecePriority.Skip), files: Files).Start();
        rig.Serve(rig.ConnectSeed(1));
        rig.Machine.ApplySettings(Wanting(PiecePriority.Normal, PiecePriority.Normal), rig.Now);
        Assert.IsType<TorrentPhase.Downloading>(rig.Machine.Phase);
        rig.GrantClaims();
        rig.Serve(rig.ConnectSeed(2));
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal(2, rig.Effects.Facts.OfType<TorrentFact.Completed>().Count());
    }

    [Fact]
    public void A_file_that_is_no_longer_wanted_may_end_the_download()
    {
        var rig = new TorrentRig(files: Files).Start(0, 1, 2);
        PeerKey seed = rig.ConnectSeed(1);
        Assert.NotEmpty(rig.TakeRequests(seed));
        rig.Machine.ApplySettings(Wanting(PiecePriority.Normal, PiecePriority.Skip), rig.Now);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Equal(DisconnectReason.BothSeeds, rig.DropOf(seed));
    }

    [Fact]
    public void Files_of_higher_priority_come_first()
    {
        var rig = new TorrentRig(settings: Wanting(PiecePriority.Low, PiecePriority.High), files: Files).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Serve(seed);
        int[] order = [.. rig.Effects.Facts.OfType<TorrentFact.PieceVerified>().Select(fact => fact.Piece.Value)];
        Assert.Equal([2, 3, 4], order.Take(3).Order());
    }

    [Fact]
    public void Sequential_fetches_in_order()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { Sequential = true }).Start();
        rig.Serve(rig.ConnectSeed(1));
        Assert.Equal(Enumerable.Range(0, 8), rig.Effects.Facts.OfType<TorrentFact.PieceVerified>().Select(fact => fact.Piece.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_first_and_last_pieces_of_wanted_files_come_before_files_of_higher_priority(bool isSequential)
    {
        // Files of 40, 1, 200 and 10 pieces; a hundredth of the third is two pieces.
        ImmutableArray<long> files = [.. ((long[])[40, 1, 200, 10]).Select(pieces => pieces * TorrentRig.PieceLength)];
        TorrentSettings settings = Wanting(PiecePriority.Low, PiecePriority.Skip, PiecePriority.Normal, PiecePriority.High) with
        {
            FirstAndLastFirst = true,
            Sequential = isSequential,
        };
        var rig = new TorrentRig(settings: settings, files: files).Start();
        rig.Serve(rig.ConnectSeed(1));
        int[] order = [.. rig.Effects.Facts.OfType<TorrentFact.PieceVerified>().Select(fact => fact.Piece.Value)];
        int[] edges = [0, 39, 41, 42, 43, 238, 239, 240, 241, 250];
        Assert.Equal(edges, order.Take(edges.Length).Order());
        Assert.Equal(Enumerable.Range(242, 8), order.Skip(edges.Length).Take(8).Order());
        Assert.DoesNotContain(40, order);
        if (isSequential)
            Assert.Equal(edges, order.Take(edges.Length));
    }

    [Fact]
    public void Requests_are_cancelled_when_their_file_is_no_longer_wanted()
    {
        ImmutableArray<long> files = [4L * TorrentRig.PieceLength, 4L * TorrentRig.PieceLength];
        var rig = new TorrentRig(settings: Wanting(PiecePriority.Normal, PiecePriority.High), files: files).Start();
        PeerKey seed = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(seed);
        Assert.Contains(asked, range => range.Piece.Value >= 4);
        rig.Machine.ApplySettings(Wanting(PiecePriority.Normal, PiecePriority.Skip), rig.Now);
        Assert.Equal(
            asked.Where(range => range.Piece.Value >= 4).Select(range => (range.Piece.Value, range.Offset)).Order(),
            rig.Take(seed).Where(message => message.Id == MessageId.Cancel)
                .Select(message => (message.Piece.Value, message.Offset)).Order());

        // The peer is asked for the rest instead.
        rig.Receive(seed, [.. asked.Where(range => range.Piece.Value < 4).Select(rig.Block)]);
        rig.Hash();
        rig.Advance(TimeSpan.FromSeconds(1));
        rig.Serve(seed);
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 8).Where(piece => rig.Machine.Have[new PieceIndex(piece)]));
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Wasted.Bytes);
    }

    [Fact]
    public void The_order_may_change_at_any_time()
    {
        var rig = new TorrentRig(pieces: 200).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Machine.ApplySettings(new TorrentSettings { Sequential = true, FirstAndLastFirst = true }, rig.Now);
        List<BlockRange> asked = rig.TakeRequests(seed);
        int[] begun = [.. asked.Select(range => range.Piece.Value).Distinct()];
        rig.Receive(seed, [.. asked.Select(rig.Block)]);
        rig.Hash();
        rig.Serve(seed);
        int[] order = [.. rig.Effects.Facts.OfType<TorrentFact.PieceVerified>().Select(fact => fact.Piece.Value).Except(begun)];
        int[] first = [.. ((int[])[0, 1, 2, 197, 198, 199]).Except(begun)];
        Assert.Equal(first, order.Take(first.Length));
        Assert.Equal(order.Skip(first.Length).Order(), order.Skip(first.Length));
    }

    [Fact]
    public void A_deadline_comes_before_everything_else()
    {
        var rig = new TorrentRig(pieces: 100).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Receive(seed, [.. rig.TakeRequests(seed).Select(rig.Block)]);
        rig.TakeRequests(seed);
        rig.Machine.SetDeadline([new PieceIndex(70)], rig.Now + TimeSpan.FromSeconds(1), rig.Now);
        rig.Advance(TimeSpan.FromSeconds(1));
        rig.Receive(seed, PeerMessage.Unchoke);
        PeerKey other = rig.ConnectSeed(2);
        Assert.Equal(70, rig.TakeRequests(other)[0].Piece.Value);
    }

    [Fact]
    public void Zero_bytes_are_complete_at_once()
    {
        var rig = new TorrentRig(files: [0, 0]).Start();
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Equal(1, rig.Machine.Snapshot(rig.Now).Progress);
    }

    private static TorrentSettings Wanting(params PiecePriority[] files) => new() { FilePriorities = [.. files] };
}
