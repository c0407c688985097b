using System.Buffers.Binary;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Tracker;
using Freshet.Tracker.Swarms;

namespace Freshet.Tests.Tracker.Swarms;

/// <summary>One address cannot use up a tracker's time or memory at the expense of others.</summary>
public class HostilePeersTests
{
    private static readonly TrackerOptions Options = new();

    private Timestamp _now = new(TimeSpan.TicksPerDay);

    // Whoever chooses the values must not know which of them share a bucket of a table.
    [Fact]
    public void Keys_that_share_the_hash_of_their_type_do_not_share_that_of_the_tables()
    {
        InfoHash[] colliding =
            [.. Enumerable.Range(0, 200_000).Select(Made).GroupBy(hash => hash.GetHashCode() & 0xFFFF).MaxBy(group => group.Count())!];
        Assert.InRange(colliding.Length, 2, int.MaxValue);
        Assert.Equal(colliding.Length, colliding.Select(KeyedHash.Instance.GetHashCode).Distinct().Count());
        Assert.Equal(KeyedHash.Instance.GetHashCode(Made(7)), KeyedHash.Instance.GetHashCode(Made(7)));

        PeerAddress[] addresses = [.. Enumerable.Range(1, 50_000).Select(port => PeerAddress.From(IPAddress.Loopback, port))];
        Assert.InRange(addresses.Select(KeyedHash.Instance.GetHashCode).Distinct().Count(), 49_900, 50_000);
    }

    [Fact]
    public void An_address_that_announces_too_fast_is_asked_to_come_back_later_and_others_are_not()
    {
        SwarmStore store = new(Options, new Random(1));
        int served = 0;
        for (int i = 0; i < 5_000; i++, _now += TimeSpan.FromMilliseconds(1))
            served += Announce(store, "2001:db8::" + (i % 100 + 1), 1, Made(i)).FailureReason is null ? 1 : 0;
        Assert.InRange(served, 1_000, 1_300);
        Announce(store, "2001:db8::1", 1, Made(1));
        SwarmReply refused = Announce(store, "2001:db8::1", 1, Made(1));
        Assert.Equal(("too many announces come from your address", 1), (refused.FailureReason, refused.RetryInMinutes));
        Assert.Null(Announce(store, "2001:db8:0:1::1", 1, Made(1)).FailureReason);

        // A peer that leaves is always removed, and the rate recovers with time.
        Assert.Null(Announce(store, "2001:db8::1", 1, Made(1), AnnounceEvent.Stopped).FailureReason);
        _now += TimeSpan.FromSeconds(1);
        Assert.Null(Announce(store, "2001:db8::1", 1, Made(1)).FailureReason);
    }

    [Fact]
    public void An_address_has_no_more_peers_than_the_limit_and_may_replace_those_that_left()
    {
        SwarmStore store = new(Options with { MaxPeersPerAddress = 100 }, new Random(1));
        for (int i = 0; i < 100; i++)
            Assert.Null(Announce(store, "10.0.0.1", 1 + i, Made(i % 7)).FailureReason);
        Assert.Equal("your address has too many torrents and peers here already", Announce(store, "10.0.0.1", 500, Made(1)).FailureReason);
        Assert.Equal(100, store.Peers);
        Assert.Null(Announce(store, "10.0.0.1", 1, Made(0)).FailureReason);
        Assert.Null(Announce(store, "10.0.0.2", 1, Made(0)).FailureReason);
        Announce(store, "10.0.0.1", 1, Made(0), AnnounceEvent.Stopped);
        Assert.Null(Announce(store, "10.0.0.1", 500, Made(1)).FailureReason);

        // Peers that fall silent make room too.
        _now += Options.PeerLifetime + TimeSpan.FromMinutes(5);
        store.Sweep(_now);
        Assert.Equal(0, store.Peers);
        Assert.Null(Announce(store, "10.0.0.1", 501, Made(1)).FailureReason);
    }

    [Fact]
    public void Evicted_swarms_and_peers_are_not_counted_against_their_address()
    {
        SwarmStore store = new(Options with { MaxPeersPerAddress = 50, MaxTorrents = 10, MaxPeersPerTorrent = 5 }, new Random(1));
        for (int i = 0; i < 500; i++, _now += TimeSpan.FromSeconds(1))
            Assert.Null(Announce(store, "10.0.0.1", 1 + i, Made(i % 20)).FailureReason);
        Assert.InRange(store.Peers, 1, 50);
    }

    [Fact]
    public void A_regular_announce_that_comes_too_early_is_answered_without_peers()
    {
        SwarmStore store = new(Options, new Random(1));
        Announce(store, "10.0.0.2", 1, Made(1));
        Assert.Single(Announce(store, "10.0.0.1", 1, Made(1)).Peers);
        for (int i = 0; i < 4; i++)
        {
            _now += TimeSpan.FromSeconds(10);
            SwarmReply early = Announce(store, "10.0.0.1", 1, Made(1));
            Assert.Empty(early.Peers);
            Assert.Equal(2, early.Counts.Incomplete);
        }

        // Early announces do not delay the next one that is in time; an event is always answered.
        _now += TimeSpan.FromSeconds(10);
        Assert.Single(Announce(store, "10.0.0.1", 1, Made(1)).Peers);
        Assert.Single(Announce(store, "10.0.0.1", 1, Made(1), AnnounceEvent.Started).Peers);
    }

    private static InfoHash Made(int number)
    {
        byte[] bytes = new byte[InfoHash.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return new InfoHash(bytes);
    }

    private SwarmReply Announce(
        SwarmStore store, string address, int port, InfoHash infoHash, AnnounceEvent announceEvent = AnnounceEvent.None) =>

        store.Announce(
            new SwarmRequest
            {
                InfoHash = infoHash,
                PeerId = new PeerId("aaaaaaaaaaaaaaaaaaaa"u8),
                Address = PeerAddress.From(IPAddress.Parse(address), port),
                Event = announceEvent,
                Left = 1,
            },
            _now);
}
