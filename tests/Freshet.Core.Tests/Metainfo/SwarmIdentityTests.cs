using System.Security.Cryptography;
using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

public class SwarmIdentityTests
{
    private const string Hybrid = "d6:lengthi1e12:meta versioni2e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae";
    private const string Private = "d6:lengthi1e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa7:privatei1ee";
    private static readonly InfoHash HybridV1 = new(SHA1.HashData(Encoding.ASCII.GetBytes(Hybrid)));
    private static readonly InfoHashV2 HybridV2 = new(SHA256.HashData(Encoding.ASCII.GetBytes(Hybrid)));

    [Fact]
    public void A_hybrid_torrent_has_two_swarms()
    {
        SwarmIdentity identity = SwarmIdentity.Of(Torrents.Read($"d4:info{Hybrid}e"));
        Assert.Equal(HybridV1, identity.InfoHash);
        Assert.Equal(HybridV2, identity.InfoHashV2);
        Assert.Equal([HybridV1, HybridV2.Truncate()], identity.SwarmHashes);
        Assert.True(identity.IsNamed(HybridV2.Truncate()));
        Assert.False(identity.IsNamed(default));
    }

    [Fact]
    public void A_torrent_of_version_2_alone_is_named_by_its_truncated_hash()
    {
        SwarmIdentity identity = SwarmIdentity.Of(new MagnetLink { InfoHashV2 = HybridV2 });
        Assert.Null(identity.InfoHash);
        Assert.Equal([HybridV2.Truncate()], identity.SwarmHashes);
        Assert.Equal(HybridV2.Truncate(), identity.SwarmHash);
    }

    [Fact]
    public void A_link_returns_everything_that_it_says_and_leaves_the_rest_unknown()
    {
        SwarmIdentity identity = SwarmIdentity.Of(Link(
            $"magnet:?xt=urn:btih:{HybridV1}&dn=a%0Ab%E2%80%AE&tr=udp://a.example:1&tr=udp://b.example:2"
            + "&ws=http://w.example/&x.pe=10.0.0.1:6881"));
        Assert.Equal("a b\uFFFD", identity.Name);
        Assert.Null(identity.IsPrivate);
        Assert.Equal([["udp://a.example:1"], ["udp://b.example:2"]], identity.Trackers);
        Assert.Equal(["http://w.example/"], identity.WebSeeds);
        Assert.Equal(["10.0.0.1:6881"], identity.Peers);
        Assert.Null(SwarmIdentity.Of(Link($"magnet:?xt=urn:btih:{HybridV1}")).Name);
    }

    [Fact]
    public void A_torrent_returns_its_tiers_and_nodes()
    {
        SwarmIdentity identity = SwarmIdentity.Of(Torrents.Read(
            $"d13:announce-listll17:udp://a.example:117:udp://b.example:2el17:udp://c.example:3ee4:info{Hybrid}"
            + "5:nodesll9:h.examplei6881eee8:url-list17:http://w.example/e"));
        Assert.Equal([["udp://a.example:1", "udp://b.example:2"], ["udp://c.example:3"]], identity.Trackers);
        Assert.Equal(["h.example:6881"], identity.Nodes);
        Assert.Equal(["http://w.example/"], identity.WebSeeds);
        Assert.False(identity.IsPrivate);
        Assert.Equal("x", identity.Name);
    }

    [Fact]
    public void A_private_torrent_has_no_nodes()
    {
        SwarmIdentity identity = SwarmIdentity.Of(Torrents.Read($"d4:info{Private}5:nodesll9:h.examplei6881eeee"));
        Assert.True(identity.IsPrivate);
        Assert.Empty(identity.Nodes);
    }

    [Fact]
    public void A_torrent_is_recognized_by_either_hash()
    {
        SwarmIdentity hybrid = SwarmIdentity.Of(Torrents.Read($"d4:info{Hybrid}e"));
        SwarmIdentity v1 = SwarmIdentity.Of(new MagnetLink { InfoHash = HybridV1 });
        SwarmIdentity v2 = SwarmIdentity.Of(new MagnetLink { InfoHashV2 = HybridV2 });
        Assert.True(hybrid.IsSameTorrent(v1) && v1.IsSameTorrent(hybrid));
        Assert.True(hybrid.IsSameTorrent(v2) && v2.IsSameTorrent(hybrid));
        Assert.False(v1.IsSameTorrent(v2));
        Assert.True(v2.IsOf(Torrents.Read($"d4:info{Hybrid}e")));
    }

    [Fact]
    public void One_hash_that_differs_makes_another_torrent()
    {
        SwarmIdentity one = SwarmIdentity.Of(new MagnetLink { InfoHash = HybridV1, InfoHashV2 = HybridV2 });
        SwarmIdentity other = SwarmIdentity.Of(new MagnetLink { InfoHash = HybridV1, InfoHashV2 = new InfoHashV2(new byte[32]) });
        Assert.False(one.IsSameTorrent(other));
        Assert.Throws<ArgumentException>(() => one.Merge(other));
        Assert.False(other.IsOf(Torrents.Read($"d4:info{Hybrid}e")));
        Assert.Throws<ArgumentException>(() => other.Complete(Torrents.Read($"d4:info{Hybrid}e")));
    }

    [Fact]
    public void Two_sources_of_one_torrent_are_merged_without_duplicates()
    {
        SwarmIdentity first = SwarmIdentity.Of(
            Link($"magnet:?xt=urn:btih:{HybridV1}&tr=udp://a.example:1&x.pe=10.0.0.1:1&ws=http://w.example/"));
        SwarmIdentity second = SwarmIdentity.Of(Link($"magnet:?xt=urn:btih:{HybridV1}&xt=urn:btmh:1220{HybridV2}&dn=n&tr=udp://b.example:2"
            + "&tr=udp://a.example:1&x.pe=10.0.0.2:2&x.pe=10.0.0.1:1"));
        SwarmIdentity merged = first.Merge(second);
        Assert.Equal([HybridV1, HybridV2.Truncate()], merged.SwarmHashes);
        Assert.Equal("n", merged.Name);
        Assert.Equal([["udp://a.example:1"], ["udp://b.example:2"]], merged.Trackers);
        Assert.Equal(["10.0.0.1:1", "10.0.0.2:2"], merged.Peers);
        Assert.Equal(["http://w.example/"], merged.WebSeeds);
    }

    [Fact]
    public void Nobody_else_adds_trackers_or_peers_to_a_private_torrent()
    {
        TorrentMetainfo metainfo = Torrents.Read($"d8:announce17:udp://a.example:14:info{Private}e");
        SwarmIdentity known = SwarmIdentity.Of(metainfo);
        SwarmIdentity link = SwarmIdentity.Of(
            Link($"magnet:?xt=urn:btih:{metainfo.InfoHash}&tr=udp://spy.example:2&x.pe=10.0.0.1:1&ws=http://w.example/"));
        foreach (SwarmIdentity merged in (SwarmIdentity[])[known.Merge(link), link.Merge(known)])
        {
            Assert.True(merged.IsPrivate);
            Assert.Equal([["udp://a.example:1"]], merged.Trackers);
            Assert.Empty(merged.Peers);
            Assert.Empty(merged.WebSeeds);
        }
    }

    [Fact]
    public void The_metadata_completes_a_link()
    {
        TorrentMetainfo metainfo = Torrents.Read($"d4:info{Hybrid}e");
        SwarmIdentity identity = SwarmIdentity.Of(
            Link($"magnet:?xt=urn:btih:{HybridV1}&dn=other&tr=udp://a.example:1&x.pe=10.0.0.1:1")).Complete(metainfo);
        Assert.Equal([HybridV1, HybridV2.Truncate()], identity.SwarmHashes);
        Assert.Equal("x", identity.Name);
        Assert.False(identity.IsPrivate);
        Assert.Equal([["udp://a.example:1"]], identity.Trackers);
        Assert.Equal(["10.0.0.1:1"], identity.Peers);
    }

    [Fact]
    public void A_link_that_turns_out_to_be_private_keeps_only_its_trackers()
    {
        TorrentMetainfo metainfo = Torrents.Read($"d4:info{Private}e");
        SwarmIdentity identity = SwarmIdentity.Of(
            Link($"magnet:?xt=urn:btih:{metainfo.InfoHash}&tr=udp://a.example:1&x.pe=10.0.0.1:1")).Complete(metainfo);
        Assert.True(identity.IsPrivate);
        Assert.Equal([["udp://a.example:1"]], identity.Trackers);
        Assert.Empty(identity.Peers);
    }

    [Fact]
    public void Merged_sources_stay_bounded()
    {
        SwarmIdentity identity = SwarmIdentity.Of(Many(0));
        for (int i = 1; i < 5; i++)
            identity = identity.Merge(SwarmIdentity.Of(Many(i)));
        Assert.Equal(MetainfoLimits.MaxTrackers, identity.Trackers.Sum(tier => tier.Length));
        Assert.Equal(MetainfoLimits.MaxWebSeeds, identity.WebSeeds.Length);
        Assert.Equal(MetainfoLimits.MaxNodes, identity.Peers.Length);

        static MagnetLink Many(int at) => new()
        {
            InfoHash = HybridV1,
            Trackers = [.. Enumerable.Range(at * 100, 100).Select(i => $"udp://t{i}.example:1")],
            WebSeeds = [.. Enumerable.Range(at * 100, 100).Select(i => $"http://w{i}.example/")],
            Peers = [.. Enumerable.Range(at * 100, 100).Select(i => $"10.0.{i / 256}.{i % 256}:1")],
        };
    }

    private static MagnetLink Link(string text)
    {
        Assert.True(MagnetLink.TryParse(text, out MagnetLink? link, out string? error), error);
        return link;
    }
}
