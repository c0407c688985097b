using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

public class MetadataFetchTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(16_385)]
    [InlineData(300_000)]
    public void One_peer_can_give_all_of_it(int size)
    {
        MetadataSwarm swarm = new(size);
        PeerKey peer = swarm.AddHonest();
        Assert.True(swarm.Run(Soon + TimeSpan.FromSeconds(2)));
        Assert.Equal(MetadataMessage.PieceCountOf(size), swarm.AskedOf(peer));
        Assert.InRange(swarm.MostOutstanding, 1, 2);
        swarm.Learn();
        Assert.Equal(TorrentState.Downloading, swarm.Rig.Machine.Phase.State);
    }

    [Fact]
    public void It_is_spread_over_all_that_have_it()
    {
        MetadataSwarm swarm = new(40 * 16_384);
        PeerKey[] peers = [.. Enumerable.Range(0, 8).Select(_ => swarm.AddHonest())];
        Assert.True(swarm.Run(Soon));
        Assert.All(peers, peer => Assert.InRange(swarm.AskedOf(peer), 4, 8));
    }

    [Fact]
    public void A_peer_that_offers_nothing_is_asked_for_nothing()
    {
        MetadataSwarm swarm = new();
        PeerKey without = swarm.Add(null, swarm.Honest);
        PeerKey huge = swarm.Add(ExchangeLimits.MaxMetadataLength + 1, swarm.Honest);
        Assert.False(swarm.Run(Soon));
        Assert.Equal((0, 0), (swarm.AskedOf(without), swarm.AskedOf(huge)));

        // It may learn the metadata itself, and announce that (BEP 10).
        swarm.Rig.Receive(without, PeerMessage.Extended(0, MetadataSwarm.Offer(swarm.Info.Length)));
        Assert.True(swarm.Run(Soon));
    }

    [Fact]
    public void Silent_peers_hold_nobody_up()
    {
        MetadataSwarm swarm = new();
        for (int i = 0; i < 10; i++)
            swarm.AddSilent();
        Assert.False(swarm.Run(TimeSpan.FromSeconds(10)));
        swarm.AddHonest();
        Assert.True(swarm.Run(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_slow_peer_is_waited_for_if_there_is_no_other()
    {
        MetadataSwarm swarm = new(40_000);
        Queue<int> asked = [];
        PeerKey slow = swarm.Add(swarm.Info.Length, piece =>
        {
            asked.Enqueue(piece);
            return null;
        });
        for (int i = 0; i < 3; i++)
        {
            Assert.False(swarm.Run(TimeSpan.FromSeconds(12)));
            swarm.Rig.Receive(slow, PeerMessage.Extended(ExtensionRows.Metadata.Number, swarm.Honest(asked.Dequeue())));
        }

        Assert.True(swarm.IsFetched);
    }

    [Fact]
    public void A_peer_that_refuses_rests_while_others_are_asked()
    {
        MetadataSwarm swarm = new();
        PeerKey refusing = swarm.Add(swarm.Info.Length, MetadataMessage.Reject);
        Assert.False(swarm.Run(TimeSpan.FromSeconds(60)));
        Assert.InRange(swarm.AskedOf(refusing), 2, 10);
        swarm.AddHonest();
        Assert.True(swarm.Run(Soon));
    }

    [Fact]
    public void A_single_liar_is_banned_and_the_next_peer_gives_the_truth()
    {
        MetadataSwarm swarm = new();
        PeerKey liar = swarm.AddLiar();
        Assert.False(swarm.Run(Soon));
        Assert.True(swarm.IsBanned(liar));
        PeerKey honest = swarm.AddHonest();
        Assert.True(swarm.Run(Soon));
        Assert.Null(swarm.Rig.DropOf(honest));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(8, 2)]
    public void Peers_that_lie_about_a_piece_among_honest_ones_are_found(int liars, int honest)
    {
        MetadataSwarm swarm = new(20 * 16_384);
        PeerKey[] bad = [.. Enumerable.Range(0, liars).Select(_ => swarm.AddLiar(lies: static piece => piece % 2 == 0))];
        PeerKey[] good = [.. Enumerable.Range(0, honest).Select(_ => swarm.AddHonest())];
        Assert.True(swarm.Run(TimeSpan.FromSeconds(60)));
        Assert.All(good, peer => Assert.Null(swarm.Rig.DropOf(peer)));
        Assert.Contains(bad, swarm.IsBanned);
    }

    [Fact]
    public void A_peer_that_spoiled_the_first_try_is_banned_when_the_truth_is_known()
    {
        // The liar gives one piece and then falls silent: the try with it alone never ends.
        MetadataSwarm swarm = new(6 * 16_384);
        bool hasLied = false;
        PeerKey liar = swarm.Add(swarm.Info.Length, piece =>
        {
            byte[]? answer = hasLied ? null : MetadataMessage.Data(piece, new byte[swarm.Info.Length]);
            hasLied = true;
            return answer;
        });
        PeerKey honest = swarm.AddHonest();
        Assert.True(swarm.Run(TimeSpan.FromSeconds(60)));
        Assert.True(swarm.IsBanned(liar));
        Assert.Null(swarm.Rig.DropOf(honest));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Liars_about_the_size_do_not_keep_the_truth_from_its_turn(int liars)
    {
        MetadataSwarm swarm = new();
        PeerKey[] bad = [.. Enumerable.Range(1, liars).Select(i => swarm.AddLiar(size: 50_000 + (i * 1_000)))];
        Assert.False(swarm.Run(TimeSpan.FromSeconds(1)));
        swarm.AddHonest();
        Assert.True(swarm.Run(TimeSpan.FromSeconds(30)));
        Assert.True(swarm.IsBanned(bad[0]));
    }

    [Fact]
    public void A_majority_of_silent_liars_about_the_size_does_not_either()
    {
        MetadataSwarm swarm = new();
        for (int i = 0; i < 30; i++)
            swarm.AddSilent(size: ExchangeLimits.MaxMetadataLength - (i % 10));
        Assert.False(swarm.Run(TimeSpan.FromSeconds(1)));
        swarm.AddHonest();
        Assert.True(swarm.Run(TimeSpan.FromMinutes(3)));
    }

    [Fact]
    public void The_size_that_most_networks_claim_is_tried_first()
    {
        MetadataSwarm swarm = new();
        for (int i = 1; i <= ExchangeLimits.MaxMetadataAttempts; i++)
            swarm.AddSilent(i * 20_000);
        PeerKey[] single = [.. Enumerable.Range(1, 8).Select(i => swarm.AddSilent((i * 20_000) + 1))];
        for (int i = 0; i < 2; i++)
            swarm.AddHonest();
        Assert.True(swarm.Run(TimeSpan.FromSeconds(30)));
        Assert.All(single, peer => Assert.Equal(0, swarm.AskedOf(peer)));
    }

    [Fact]
    public void Sizes_that_nobody_claims_any_more_make_room()
    {
        MetadataSwarm swarm = new();
        PeerKey[] left = [.. Enumerable.Range(1, ExchangeLimits.MaxMetadataAttempts).Select(i => swarm.AddSilent(i * 20_000))];
        foreach (PeerKey peer in left)
            swarm.Rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, swarm.Rig.Now);
        swarm.AddHonest();
        Assert.True(swarm.Run(Soon));
    }

    [Fact]
    public void An_answer_that_does_not_fit_costs_its_sender_the_connection()
    {
        MetadataSwarm swarm = new();
        PeerKey shorter = swarm.Add(swarm.Info.Length, piece => MetadataMessage.Data(0, new byte[5]));
        PeerKey nonsense = swarm.Add(swarm.Info.Length, static _ => "no bencoding"u8.ToArray());
        swarm.AddHonest();
        Assert.True(swarm.Run(Soon));
        Assert.Equal(DisconnectReason.ProtocolViolation, swarm.Rig.DropOf(shorter));
        Assert.Equal(DisconnectReason.ProtocolViolation, swarm.Rig.DropOf(nonsense));
    }

    [Fact]
    public void Unrequested_pieces_are_ignored_and_too_many_end_the_connection()
    {
        MetadataSwarm swarm = new();
        PeerKey pushy = swarm.Add(null, static _ => null);
        PeerKey offering = swarm.AddSilent();
        byte[] unasked = MetadataMessage.Data(6, swarm.Info);
        for (int i = 0; i < 100; i++)
        {
            swarm.Rig.Receive(pushy, PeerMessage.Extended(ExtensionRows.Metadata.Number, unasked));
            swarm.Rig.Receive(offering, PeerMessage.Extended(ExtensionRows.Metadata.Number, unasked));
        }

        Assert.Equal(DisconnectReason.ProtocolViolation, swarm.Rig.DropOf(offering));
        Assert.False(swarm.IsFetched);
    }

    [Fact]
    public void Pieces_requested_from_a_peer_that_leaves_are_requested_from_others()
    {
        MetadataSwarm swarm = new(30_000);
        PeerKey leaving = swarm.AddSilent();
        PeerKey other = swarm.AddSilent();
        swarm.Answer();
        int asked = swarm.AskedOf(other);
        swarm.Rig.Machine.OnDisconnected(leaving, DisconnectReason.ClosedByPeer, swarm.Rig.Now);
        Assert.True(asked + swarm.AskedOf(leaving) >= 2);
        swarm.AddHonest();
        Assert.True(swarm.Run(Soon));
    }

    [Fact]
    public void A_stop_ends_it_and_a_start_begins_anew()
    {
        MetadataSwarm swarm = new();
        swarm.AddHonest();
        Assert.True(swarm.Run(Soon));

        // It could not be kept, and the shell says so.
        swarm.Rig.Machine.Fail("The state folder is full.", TorrentReason.StateNotWritable, swarm.Rig.Now);
        swarm.Rig.Effects.Metadata.Clear();
        swarm.Rig.Machine.Start(StartingPoint.Empty(0), swarm.Rig.Now);
        swarm.AddHonest();
        Assert.True(swarm.Run(Soon));
    }

    [Fact]
    public void Once_it_is_complete_nobody_is_asked()
    {
        MetadataSwarm swarm = new();
        swarm.AddHonest();
        Assert.True(swarm.Run(Soon));
        PeerKey late = swarm.AddHonest();
        swarm.Rig.Advance(TimeSpan.FromSeconds(10));
        swarm.Learn();
        PeerKey later = swarm.AddHonest();
        swarm.Rig.Advance(TimeSpan.FromSeconds(10));
        swarm.Answer();
        Assert.Equal((0, 0), (swarm.AskedOf(late), swarm.AskedOf(later)));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_truth_comes_out_among_all_sorts_of_liars(int seed)
    {
        Random random = new(seed);
        MetadataSwarm swarm = new(random.Next(1, 200_000));
        List<PeerKey> honest = [];
        foreach (int kind in Enumerable.Range(0, 20).Select(i => i < 3 ? 0 : random.Next(1, 6)).OrderBy(_ => random.Next()))
        {
            int size = random.Next(1, 300_000);
            switch (kind)
            {
                case 0: honest.Add(swarm.AddHonest()); break;
                case 1: swarm.AddSilent(random.Next(2) == 0 ? size : null); break;
                case 2: swarm.AddLiar(size); break;
                case 3: swarm.AddLiar(lies: _ => random.Next(3) == 0); break;
                case 4: swarm.Add(size, MetadataMessage.Reject); break;
                default: swarm.Add(swarm.Info.Length, piece => random.Next(2) == 0 ? null : MetadataMessage.Reject(piece)); break;
            }
        }

        Assert.True(swarm.Run(TimeSpan.FromMinutes(10)));
        Assert.All(honest, peer => Assert.Null(swarm.Rig.DropOf(peer)));
    }
}
