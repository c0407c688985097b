using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>Which peers have the slots over minutes, among peers that give and take at different rates.</summary>
public class UnchokeRankTests
{
    private const int Seconds = 180;
    private static readonly BlockRange Theirs = new(new PieceIndex(0), 0, Limits.BlockLength);

    [Fact]
    public void While_we_download_those_who_give_most_have_the_slots_and_the_last_slot_rotates()
    {
        Swarm swarm = Swarm.Downloading(slots: 3);
        int[] given = [1, 1, 1, 2, 4, 8];
        foreach (int blocks in given)
            swarm.AddGiver(blocks);
        swarm.Run(30);
        int[] served = swarm.Run(Seconds);
        Assert.All(served[4..], seconds => Assert.InRange(seconds, Seconds * 9 / 10, Seconds));
        Assert.All(served[..4], seconds => Assert.InRange(seconds, 1, Seconds / 2));
    }

    [Fact]
    public void A_peer_that_stops_giving_loses_its_slot_and_gets_it_back_when_it_gives_again()
    {
        Swarm swarm = Swarm.Downloading(slots: 3);
        foreach (int blocks in new[] { 1, 2, 4, 8 })
            swarm.AddGiver(blocks);
        swarm.Run(30);
        swarm.Give(3, 0);
        swarm.Run(20);
        int[] without = swarm.Run(Seconds);
        Assert.InRange(without[3], 1, Seconds * 2 / 3);
        Assert.All(without[1..3], seconds => Assert.InRange(seconds, Seconds * 9 / 10, Seconds));
        swarm.Give(3, 8);
        swarm.Run(60);
        Assert.InRange(swarm.Run(Seconds)[3], Seconds * 9 / 10, Seconds);
    }

    [Fact]
    public void What_a_peer_gave_long_ago_gives_it_no_claim()
    {
        Swarm swarm = Swarm.Downloading(slots: 2);
        foreach (int blocks in new[] { 1, 4, 8 })
            swarm.AddGiver(blocks);
        swarm.Run(Seconds);
        swarm.Give(2, 1);
        swarm.Run(20);
        int[] served = swarm.Run(Seconds);
        Assert.InRange(served[1], Seconds * 9 / 10, Seconds);
        Assert.InRange(served[2], 1, Seconds * 2 / 3);
    }

    /// <summary>There are slots for all, so only being told apart makes a difference.</summary>
    [Fact]
    public void Who_takes_and_gives_nothing_has_few_turns_until_it_gives()
    {
        Swarm swarm = Swarm.Downloading(slots: 8);
        foreach (int blocks in new[] { 0, 1, 1 })
            swarm.AddGiver(blocks);
        swarm.Run(60);
        int[] served = swarm.Run(Seconds);
        Assert.InRange(served[0], 5, Seconds / 6);
        Assert.All(served[1..], seconds => Assert.Equal(Seconds, seconds));
        swarm.Give(0, 1);
        swarm.Run(90);
        Assert.All(swarm.Run(Seconds), seconds => Assert.Equal(Seconds, seconds));
    }

    [Fact]
    public void Who_has_nothing_that_we_want_owes_us_nothing()
    {
        Swarm swarm = Swarm.Downloading(slots: 8);
        swarm.AddGiver(1);
        swarm.AddTaker(1);
        Assert.All(swarm.Run(Seconds)[..2], seconds => Assert.InRange(seconds, Seconds - 1, Seconds));
    }

    [Fact]
    public void A_seed_keeps_those_who_take_most()
    {
        Swarm swarm = Swarm.Seeding(SeedChoking.FastestUpload, slots: 3);
        for (int i = 1; i <= 6; i++)
            swarm.AddTaker(20 * i);
        swarm.Run(Seconds);
        int[] served = swarm.Run(Seconds);
        Assert.All(served[4..], seconds => Assert.InRange(seconds, Seconds * 9 / 10, Seconds));
        Assert.All(served[..4], seconds => Assert.InRange(seconds, 1, Seconds / 2));
    }

    [Fact]
    public void A_seed_that_rotates_gives_each_the_same_whatever_its_speed()
    {
        Swarm swarm = Swarm.Seeding(SeedChoking.RoundRobin, slots: 3);
        for (int i = 1; i <= 6; i++)
            swarm.AddTaker(20 * i);
        int[] served = swarm.Run(2 * Seconds);
        Assert.All(served, seconds => Assert.InRange(seconds, Seconds / 2, 3 * Seconds / 2));
    }

    /// <summary>A turn is 4 MiB: more than a minute for the slow ones, less than a round for the fast ones.</summary>
    [Fact]
    public void A_seed_that_rotates_lets_a_slow_peer_finish_its_turn()
    {
        Swarm swarm = Swarm.Seeding(SeedChoking.RoundRobin, slots: 5);
        foreach (int blocks in new[] { 4, 4, 4, 4, 40, 40, 40, 40 })
            swarm.AddTaker(blocks);
        int[] served = swarm.Run(10 * Seconds);
        Assert.InRange(served[..4].Min(), 3 * served[4..].Max() / 2, int.MaxValue);
    }

    [Fact]
    public void An_anti_leech_seed_prefers_peers_that_have_nearly_nothing_or_nearly_everything()
    {
        Swarm swarm = Swarm.Seeding(SeedChoking.AntiLeech, slots: 5);
        foreach (int percent in new[] { 0, 0, 50, 50, 99, 99 })
            swarm.AddTaker(20, percent);
        swarm.Run(60);
        int[] served = swarm.Run(Seconds);
        Assert.All(served[..2].Concat(served[4..]), seconds => Assert.InRange(seconds, Seconds * 9 / 10, Seconds));
        Assert.All(served[2..4], seconds => Assert.InRange(seconds, 1, Seconds * 2 / 3));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(300, 54)]
    [InlineData(2000, Limits.MaxUploadSlots)]
    public void Slots_grow_with_the_upload_rate(int blocksASecond, int slots)
    {
        Swarm swarm = Swarm.Seeding(SeedChoking.FastestUpload, slots: null);
        for (int i = 0; i < 80; i++)
            swarm.AddTaker(0);
        for (int second = 0; second < 60; second++)
        {
            swarm.TakeTogether(blocksASecond);
            swarm.Run(1);
        }

        Assert.InRange(swarm.Slots, slots - 4, slots + 4);
    }

    /// <summary>A torrent and its peers, each of which uses its slot every second while it has one.</summary>
    private sealed class Swarm
    {
        private readonly TorrentRig _rig;
        private readonly List<Member> _members = [];

        private Swarm(TorrentSettings settings, bool isComplete)
        {
            _rig = new TorrentRig(pieces: 4000, settings);
            if (isComplete)
                _rig.StartComplete();
            else
                _rig.Start(0);
        }

        public int Slots => Unchoked().Count;

        public static Swarm Downloading(int slots) => new(new TorrentSettings { UploadSlots = slots }, isComplete: false);

        public static Swarm Seeding(SeedChoking choking, int? slots) =>
            new(new TorrentSettings { UploadSlots = slots, SeedChoking = choking }, isComplete: true);

        /// <summary>A peer that lacks only what we have, and answers this many of our requests per second.</summary>
        public void AddGiver(int blocks)
        {
            Member member = new(_rig.Connect(_members.Count + 1), _members.Count + 1) { Gives = blocks, Takes = 1 };
            _members.Add(member);
            byte[] pieces = _rig.Pieces([.. Enumerable.Range(1, _rig.Layout.PieceCount - 1)]);
            _rig.Receive(member.Key, PeerMessage.Bitfield(pieces), PeerMessage.Interested, PeerMessage.Unchoke);
        }

        /// <summary>A peer that takes this many blocks per second while it may.</summary>
        public void AddTaker(int blocks, int percent = 0)
        {
            Member member = new(_rig.Connect(_members.Count + 1), _members.Count + 1) { Takes = blocks };
            _members.Add(member);
            byte[] pieces = _rig.Pieces([.. Enumerable.Range(1, _rig.Layout.PieceCount * percent / 100)]);
            _rig.Receive(member.Key, PeerMessage.Bitfield(pieces), PeerMessage.Interested);
        }

        public void Give(int member, int blocks) => _members[member].Gives = blocks;

        /// <summary>All peers with slots together take this many blocks.</summary>
        public void TakeTogether(int blocks)
        {
            HashSet<int> unchoked = Unchoked();
            for (int i = 0; i < blocks; i++)
                Take(_members[unchoked.ElementAt(i % unchoked.Count)], 1);
        }

        /// <summary>Advances the time; returns for how many seconds of it each peer had a slot.</summary>
        public int[] Run(int seconds)
        {
            int[] served = new int[_members.Count];
            for (int second = 0; second < seconds; second++)
            {
                HashSet<int> unchoked = Unchoked();
                for (int i = 0; i < _members.Count; i++)
                {
                    Give(_members[i]);
                    if (!unchoked.Contains(i))
                        continue;
                    served[i]++;
                    Take(_members[i], _members[i].Takes);
                }

                _rig.Hash();
                _rig.Advance(TimeSpan.FromSeconds(1));
            }

            return served;
        }

        private HashSet<int> Unchoked()
        {
            HashSet<string> addresses = [.. _rig.Machine.Peers(_rig.Now).Where(peer => !peer.IsChoked).Select(peer => $"{peer.EndPoint}")];
            return [.. Enumerable.Range(0, _members.Count).Where(i => addresses.Contains($"{TorrentRig.Address(_members[i].Number)}"))];
        }

        private void Give(Member member)
        {
            foreach (BlockRange range in _rig.TakeRequests(member.Key))
                member.Asked.Enqueue(range);
            for (int i = 0; i < member.Gives && member.Asked.TryDequeue(out BlockRange range); i++)
                _rig.Receive(member.Key, _rig.Block(range));
        }

        private void Take(Member member, int blocks)
        {
            for (int i = 0; i < blocks; i++)
            {
                _rig.Receive(member.Key, PeerMessage.Request(Theirs));
                _rig.Machine.OnUploaded(member.Key, Theirs, _rig.Now);
            }
        }

        private sealed class Member(PeerKey key, int number)
        {
            public PeerKey Key { get; } = key;

            public int Number { get; } = number;

            public int Gives { get; set; }

            public int Takes { get; init; }

            public Queue<BlockRange> Asked { get; } = new();
        }
    }
}
