using System.Net;
using System.Runtime.Versioning;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Daemon.Tests.Configuration;

public class DaemonConfigurationTests
{
    [Fact]
    public void Paths_are_looked_at_together_and_one_that_cannot_be_is_where_its_name_says()
    {
        string[] paths = [.. Enumerable.Range(0, 20).Select(i => $"/slow/{i}"), "/wrong", "/circle"];
        using CountdownEvent begun = new(paths.Length);
        Dictionary<string, string> places = DaemonConfiguration.PlacesOf(
            paths,
            path =>
            {
                begun.Signal();
                begun.Wait(Patience.Bound, CancellationToken.None);
                return path switch
                {
                    "/wrong" => throw new IOException("wrong"),
                    "/circle" => null,
                    _ => "/real" + path,
                };
            },
            Patience.Bound);
        Assert.True(begun.IsSet);
        Assert.Equal("/wrong", places["/wrong"]);
        Assert.Equal("/circle", places["/circle"]);
        Assert.Equal("/real/slow/7", places["/slow/7"]);

        using ManualResetEventSlim end = new();
        places = DaemonConfiguration.PlacesOf(
            ["/dead"], _ => end.Wait(Patience.Bound, CancellationToken.None) ? "/real" : null, TimeSpan.FromMilliseconds(1));
        Assert.Equal("/dead", places["/dead"]);
        end.Set();
    }

    [Fact]
    public void Flags_come_before_the_environment_and_that_before_the_file()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("daemon.json", """
            {
              // Comments are allowed.
              "MaxUploadRate": "1MiB/s", "MaxConnections": 10, "Port": 1, "AllowedFolders": ["/a", "/b", "/c"], "AllowLocalUrls": true
            }
            """u8);
        DaemonOptions options = DaemonConfiguration.Read(
            file,
            [new("FRESHET_MAXCONNECTIONS", "20"), new("FRESHET_Port", "2"), new("OTHER", "x"), new("FRESHET_AllowedFolders__0", "/d")],
            [new("Port", ["3"]), new("Listen", ["[::1]:80", "127.0.0.1:0"])]);
        Assert.Equal(DataRate.FromMiB(1), options.Session.MaxUploadRate);
        Assert.Equal(20, options.Session.MaxConnections);
        Assert.Equal(3, options.Session.ListenPort);
        Assert.Equal(["/d"], options.AllowedFolders);
        Assert.Equal([new IPEndPoint(IPAddress.IPv6Loopback, 80), new IPEndPoint(IPAddress.Loopback, 0)], options.Listen);
        Assert.True(options.AllowLocalUrls);
    }

    [Fact]
    public void Variables_that_name_no_option_are_found()
    {
        KeyValuePair<string, string>[] environment =
        [
            new("FRESHET_MaxConnections", "1"), new("FRESHET_AllowedFolders__0", "/a"), new("FRESHET_MAX_CONNECTIONS", "2"),
            new("FRESHET_TOKEN", "x"), new("freshet_port", "3"), new("PATH", ""), new("FRESHET_Prot", "4"),
        ];
        Assert.Equal(["FRESHET_MAX_CONNECTIONS", "FRESHET_Prot"], DaemonConfiguration.UnknownVariables(environment));
    }

    [Fact]
    public void How_peers_are_found_and_connected_to_is_chosen_by_words()
    {
        DaemonOptions options = DaemonConfiguration.Read(
            null, [new("FRESHET_Utp", "ONLY")], [new("Encryption", ["required"]), new("DhtBootstrap", ["none"])]);
        Assert.Equal(UtpMode.Only, options.Session.Utp);
        Assert.Equal(EncryptionPolicy.Required, options.Session.Encryption.Outgoing);
        Assert.Empty(options.Session.Dht!.Bootstrap);
        Assert.Null(DaemonConfiguration.Read(null, [], [new("Dht", ["false"]), new("DhtEnforceIds", ["true"])]).Session.Dht);
        Assert.True(DaemonConfiguration.Read(null, [], [new("DhtEnforceIds", ["true"])]).Session.Dht!.EnforceNodeIds);
        Assert.False(options.Session.Dht.EnforceNodeIds);
        Assert.True(options.Session.PeerExchange);
        Assert.False(DaemonConfiguration.Read(null, [], [new("PeerExchange", ["false"])]).Session.PeerExchange);
        Assert.Equal("tun0", DaemonConfiguration.Read(null, [], [new("Bind", ["tun0"])]).Session.Bind?.InterfaceName);
        ArgumentException e = Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(
            null, [], [new("Utp", ["1"]), new("Encryption", ["maybe"]), new("DhtBootstrap", ["a host"])]));
        Assert.Equal(3, e.Message.Split('\n').Length);
    }

    [Fact]
    public void What_torrents_may_do_and_for_how_long_is_an_option_each()
    {
        DaemonOptions usual = DaemonConfiguration.Read(null, [], []);
        Assert.Equal(
            (5, 20, true), (usual.Session.Queue.MaxActiveDownloads, usual.Session.Queue.MaxActiveSeeds, usual.Session.PortMapping));
        Assert.NotNull(usual.Session.Queue.IgnoreSlow);
        DaemonOptions options = DaemonConfiguration.Read(null, [],
        [
            new("MaxActiveDownloads", ["0"]), new("MaxChecks", ["2"]), new("IgnoreSlow", ["false"]), new("SeedRatio", ["2.5"]),
            new("SeedTime", ["3600"]), new("SeedEnd", ["remove-with-files"]), new("Proxy", ["http://me:secret@192.0.2.1:3128"]),
            new("Schedule", ["daily 22:00-6:00", "mon-fri 8:00-18:00 down=1MiB/s"]), new("LocalMaxUploadRate", ["5MiB/s"]),
            new("IncompleteFolder", ["/apart"]), new("ProxyFor", ["peers, webseeds", "dht"]),
        ]);
        SessionOptions session = options.Session;
        Assert.Equal(new QueueOptions { MaxActiveSeeds = 20, MaxChecks = 2 }, session.Queue);
        Assert.Equal(
            new SeedLimits { Ratio = 2.5, SeedTime = TimeSpan.FromHours(1), Then = SeedEnd.RemoveWithFiles }, session.SeedLimits);
        Assert.Equal(("192.0.2.1", "me"), (session.Proxy?.Host, session.Proxy?.UserName));
        Assert.Equal(ProxyUses.Peers | ProxyUses.WebSeeds | ProxyUses.Dht, session.Proxy?.Uses);
        Assert.Equal([null, DataRate.FromMiB(1)], session.Schedule.Select(limits => limits.MaxDownloadRate));
        Assert.Equal((null, DataRate.FromMiB(5)), (session.LocalNetwork!.MaxDownloadRate, session.LocalNetwork.MaxUploadRate));
        Assert.Equal("/apart", options.IncompleteFolder);
    }

    [Theory]
    [InlineData("Schedule", "always")]
    [InlineData("Proxy", "ftp://me:secret@x")]
    [InlineData("ProxyFor", "peers")]
    [InlineData("SeedRatio", "-1")]
    [InlineData("SeedIdleTime", "5")]
    [InlineData("SeedEnd", "explode")]
    [InlineData("GeoIp", "/no/such/file")]
    public void A_value_that_cannot_be_is_reported_without_what_is_secret(string option, string value)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(null, [], [new(option, [value])]));
        Assert.StartsWith(option, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_anything_the_daemon_is_on_loopback_alone()
    {
        DaemonOptions options = DaemonConfiguration.Read(null, [], []);
        Assert.All(options.Listen, endPoint => Assert.True(IPAddress.IsLoopback(endPoint.Address)));
        Assert.Null(options.PasswordHash);
        Assert.Empty(options.OnComplete);
        Assert.False(options.AllowLocalUrls);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_each_with_its_place()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("daemon.json", """{"Listen": ["nowhere"], "MaxUplaodRate": "1MiB/s", "Port": [1, 2]}"""u8);
        ArgumentException e = Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(
            file,
            [new("FRESHET_MaxConnections", "1")],
            [
                new("PasswordHash", ["secret"]), new("OnComplete", ["rm", "{name}"]), new("CertificateKey", [file]),
                new("MaxDownloadRate", ["5"]), new("DiskThreads", ["many"]),
            ]));
        string[] lines = e.Message.Split('\n');
        Assert.Equal(9, lines.Length);
        foreach (string expected in (string[])[$"Listen (in {file})", "MaxUplaodRate", "Port", "MaxConnections (in the environment)",
            "PasswordHash (in the flags)", "OnComplete", "CertificateKey", "MaxDownloadRate", "DiskThreads"])
        {
            Assert.Contains(lines, line => line.StartsWith(expected, StringComparison.Ordinal));
        }

        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_where_a_text_belongs_is_a_mistake()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write(
            "daemon.json",
            """{"downloadfolder": 5, "AllowedFolders": ["/a", true], "MaxConnections": 20, "MaxUploadRate": 0, "Dht": false, /* */ }"""u8);
        ArgumentException e = Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(file, [], []));
        Assert.Equal(
            new[] { ("DownloadFolder", "5"), ("AllowedFolders", "true") }
                .Select(wrong => $"{wrong.Item1} (in {file}) is {wrong.Item2}: expected a text in quotes"),
            e.Message.Split('\n'));
    }

    [Fact]
    public void Torrents_are_not_stored_where_the_daemon_runs_but_where_downloads_belong()
    {
        string stored = DaemonConfiguration.Read(null, [], []).Session.DownloadFolder;
        Assert.Equal("Downloads", Path.GetFileName(stored));
        Assert.NotEqual(Environment.CurrentDirectory, stored);
    }

    [Theory]
    [InlineData("home", null, "home/.state", "home/.config/daemon.json")]
    [InlineData("link", null, "home/.state", "elsewhere/daemon.json")]
    [InlineData("data", "home/.state/parts", "home/.state", "elsewhere/daemon.json")]
    [InlineData("home/.config", null, "state", "home/.config/daemon.json")]
    [UnsupportedOSPlatform("windows")]
    public void Torrents_are_not_stored_where_they_could_overwrite_the_configuration_or_the_token(
        string data, string? incomplete, string state, string configuration)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["home"]);
        Directory.CreateSymbolicLink(folder["link"], folder["home"]);
        string file = folder.Write(configuration, "{}"u8);
        List<KeyValuePair<string, IReadOnlyList<string>>> flags = [new("DownloadFolder", [folder[data]]), new("State", [folder[state]])];
        if (incomplete is not null)
            flags.Add(new("IncompleteFolder", [folder[incomplete]]));
        ArgumentException e = Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(file, [], flags));
        Assert.Contains("neither must lie in the other", e.Message, StringComparison.Ordinal);
        flags[0] = new("DownloadFolder", [folder["apart"]]);
        if (incomplete is null)
            Assert.Equal(file, DaemonConfiguration.Read(file, [], flags).ConfigurationFile);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    public void A_file_that_is_malformed_or_missing_is_a_mistake(string text)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("daemon.json", System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Contains("is malformed", Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(file, [], [])).Message,
            StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(folder["no"], [], [])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_is_documented_with_its_flag_and_its_default()
    {
        string docs = Repository.Read("docs/configuration.md");
        Assert.All(DaemonConfiguration.Settings, setting =>
            Assert.Contains(docs.Split('\n'), line => line.StartsWith($"| `{setting.Name}` | `{setting.Flag}` | ", StringComparison.Ordinal)
                && line.Contains($"| {setting.Default} | {setting.Meaning} |", StringComparison.Ordinal)));
        string[] documented = [.. docs.Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])];
        Assert.Equal(DaemonConfiguration.Settings.Select(setting => setting.Name), documented);
    }

    [Fact]
    public void A_password_matches_its_own_hash_alone()
    {
        string hash = PasswordHash.Of("correct horse");
        Assert.True(PasswordHash.Matches(hash, "correct horse"));
        Assert.False(PasswordHash.Matches(hash, "correct hors"));
        Assert.NotEqual(hash, PasswordHash.Of("correct horse"));
        Assert.False(PasswordHash.Matches("pbkdf2-sha256$1$AAAA$AAAA", ""));
        Assert.False(PasswordHash.IsWellFormed("pbkdf2-sha256$99999999999$AAAA$AAAA"));
    }
}
