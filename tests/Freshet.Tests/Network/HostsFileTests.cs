using System.Net;
using System.Net.Sockets;
using Freshet.Network;

namespace Freshet.Tests.Network;

/// <summary>The names that this machine knows by itself.</summary>
public sealed class HostsFileTests
{
    [Fact]
    public void A_hosts_file_is_read_as_the_system_does()
    {
        string[] lines =
            ["127.0.0.1 localhost", "192.0.2.7\tNear near.test # far.test", "::1 near.test", "x near.test", "# 6.6.6.6 near.test"];
        Dictionary<string, IPAddress[]> hosts = HostsFile.Parse(lines);
        Assert.Equal(["192.0.2.7", "::1"], hosts["NEAR.test"].Select(static address => address.ToString()));
        Assert.DoesNotContain("far.test", hosts.Keys);
    }

    /// <summary>Where the file blocks advertisers, a hundred thousand names have one address.</summary>
    [Fact]
    public void Names_in_a_hosts_file_share_their_addresses()
    {
        Dictionary<string, IPAddress[]> hosts = HostsFile.Parse(["0.0.0.0 one.example two.example", "0.0.0.0 three.example"]);
        Assert.Same(hosts["one.example"], hosts["two.example"]);
        Assert.Same(hosts["one.example"], hosts["three.example"]);
    }

    [Fact]
    public void A_long_hosts_file_is_searched_and_not_kept()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "hosts");
        File.WriteAllText(path, "192.0.2.7 near.test");
        HostsFile hosts = new(path);
        Assert.Equal([IPAddress.Parse("192.0.2.7")], hosts.Find("near.test"));
        Assert.Equal(1, hosts.Kept);
        IEnumerable<string> many = Enumerable.Range(0, NetworkLimits.MaxKeptHostsFile / 20).Select(static i => $"0.0.0.0 ads{i}.example");
        File.WriteAllLines(path, [.. many, "192.0.2.8 near.test # moved", "192.0.2.9 NEAR.test very.near.test"]);
        Assert.Equal([IPAddress.Parse("192.0.2.8"), IPAddress.Parse("192.0.2.9")], hosts.Find("near.test"));
        Assert.Equal([IPAddress.Any], hosts.Find("ads7.example"));
        Assert.Empty(hosts.Find("far.test"));
        Assert.Equal(0, hosts.Kept);

        // Names that it blocks must not be asked of others while it cannot be read.
        Replace(path);
        Assert.Equal(SocketError.TryAgain, Assert.Throws<SocketException>(() => hosts.Find("ads7.example")).SocketErrorCode);
    }

    [Fact]
    public void The_last_content_of_a_hosts_file_counts_while_it_cannot_be_read()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "hosts");
        Directory.CreateDirectory(path);
        HostsFile hosts = new(path);
        Assert.Empty(hosts.Find("near.test"));
        Directory.Delete(path);
        File.WriteAllText(path, "192.0.2.7 near.test");
        Assert.Equal([IPAddress.Parse("192.0.2.7")], hosts.Find("near.test"));
        Replace(path);
        Assert.Equal([IPAddress.Parse("192.0.2.7")], hosts.Find("near.test"));
    }

    [Fact]
    public void A_hosts_file_is_read_again_only_when_it_has_changed()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "hosts");
        HostsFile hosts = new(path);
        Assert.Empty(hosts.Find("near.test"));
        File.WriteAllText(path, "192.0.2.7 near.test");
        for (int i = 0; i < 10; i++)
            Assert.Equal([IPAddress.Parse("192.0.2.7")], hosts.Find("near.test"));
        Assert.Equal(1, hosts.Reads);
        File.WriteAllText(path, "192.0.2.17 near.test");
        Assert.Equal([IPAddress.Parse("192.0.2.17")], hosts.Find("near.test"));
        File.Delete(path);
        Assert.Empty(hosts.Find("near.test"));
        Assert.Contains(IPAddress.Loopback, hosts.Find("localhost"));
    }

    // Nobody can read it, whoever they are.
    private static void Replace(string file)
    {
        File.Delete(file);
        Directory.CreateDirectory(file);
    }
}
