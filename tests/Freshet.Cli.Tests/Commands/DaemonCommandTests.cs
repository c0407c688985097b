using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Freshet.Api;

namespace Freshet.Cli.Tests.Commands;

public class DaemonCommandTests
{
    private const string Hash = "c9e15763f722f23e98a29decdfae341b98d53056";

    [Fact]
    public async Task Torrents_of_a_daemon_found_by_its_state_folder_are_added_shown_changed_and_removed()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        CliRun added = await RunAsync("add", $"magnet:?xt=urn:btih:{Hash}&dn=thing", "--stopped", "--label", "x", "--json");
        Assert.Equal(Hash, added.Json.GetProperty("hash").GetString());
        Assert.Contains("thing", (await RunAsync("list")).Out, StringComparison.Ordinal);
        Assert.Equal("stopped", (await RunAsync("list", "--json")).JsonLines.Single().GetProperty("state").GetString());
        Assert.Contains(Hash, (await RunAsync("show", Hash[..6])).Out, StringComparison.Ordinal);
        Assert.Empty((await RunAsync("files", Hash[..6], "--json")).Json.GetProperty("files").EnumerateArray());
        await RunAsync("set", Hash, "--label", "y", "--no-label", "x", "--max-upload", "2MiB",
            "--force-start", "true", "--seed-ratio", "1.5");
        await RunAsync("queue", Hash, "--to", "top");
        JsonElement shown = (await RunAsync("show", Hash, "--json")).Json;
        Assert.Equal("y", shown.GetProperty("torrent").GetProperty("labels").EnumerateArray().Single().GetString());
        Assert.Equal(2 * 1024 * 1024, shown.GetProperty("settings").GetProperty("maxUploadRate").GetInt64());
        Assert.True(shown.GetProperty("torrent").GetProperty("forced").GetBoolean());
        Assert.Equal(1.5, shown.GetProperty("settings").GetProperty("seedRatio").GetDouble());
        await RunAsync("start", "all");
        await RunAsync("stop", Hash);
        Assert.Contains("in force", (await RunAsync("limits", "--alternative", "true")).Out, StringComparison.Ordinal);
        Assert.Equal(500_000,
            (await RunAsync("limits", "--max-download", "500kB/s", "--json")).Json.GetProperty("maxDownloadRate").GetInt64());
        Assert.Contains("thing: Added", (await RunAsync("log", Hash)).Out, StringComparison.Ordinal);
        await RunAsync("remove", Hash);
        Assert.Empty((await RunAsync("list", "--json")).JsonLines);
        await RunAsync("daemon", "health");
        CliRun away = await CliRun.Of("move", "gone", folder["data"], "--state", folder["state"]);
        Assert.Contains("The daemon has no torrent", away.Error, StringComparison.Ordinal);
        JsonElement settings = (await RunAsync("settings", "maxConnections=77", "utp=off", "--json")).Json;
        Assert.Equal(77, settings.GetProperty("maxConnections").GetInt32());
        string shownSettings = (await RunAsync("settings")).Out;
        Assert.Matches("utp +off +\\(after a restart\\)", shownSettings);
        Assert.Matches("ignoreSlow +true", shownSettings);
        Assert.Contains("maxPancakes is no setting",
            (await CliRun.Of("settings", "maxPancakes=1", "--state", folder["state"])).Error, StringComparison.Ordinal);

        async Task<CliRun> RunAsync(params string[] args)
        {
            CliRun run = await CliRun.Of([.. args, "--state", folder["state"]]);
            Assert.True(run.ExitCode == 0, $"{string.Join(' ', args)}: {run.Error}");
            return run;
        }
    }

    [Fact]
    public async Task The_token_in_the_environment_is_for_another_daemon()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        string[] words = [.. BuiltProgram.Command, "list", "--json", "--state", folder["state"]];
        ProcessStartInfo start = new(words[0], words[1..]) { RedirectStandardError = true };
        start.Environment["FRESHET_TOKEN"] = "of another daemon";
        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).Bounded();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Bounded();
        Assert.Equal((0, ""), (process.ExitCode, errors));
    }

    [Fact]
    public async Task The_list_has_the_same_members_with_a_daemon_and_without_one()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("a", 3 * SampleTorrent.PieceLength)]);
        SampleTorrent.WriteFiles(folder, files.ToDictionary(file => "data/" + file.Key, file => file.Value));
        await using RunningCommand daemon = await StartAsync(folder);
        string[] state = ["--state", folder["state"]];
        Assert.Equal(0, (await CliRun.Of(["add", folder.Write("x.torrent", torrent), .. state])).ExitCode);
        Assert.Equal(0, (await CliRun.Of(["add", $"magnet:?xt=urn:btih:{Hash}&dn=thing", "--stopped", .. state])).ExitCode);
        await using RunningCommand watched = new(["list", "--watch", "--json", .. state]);
        await watched.WaitForAsync(
            shown => shown.Events.Any(line => line.GetProperty("completedAt").ValueKind != JsonValueKind.Null) ? shown : null);
        JsonElement[] with = await ListAsync();
        await daemon.StopAsync();
        JsonElement[] without = await ListAsync();
        Assert.Equal(["sample", "thing"], without.Select(shown => shown.GetProperty("name").GetString()));
        Assert.All(with.Concat(without), shown => Assert.Equal(MembersOf(with[0]), MembersOf(shown)));
        Assert.All(without, shown => Assert.Equal(JsonValueKind.Null, shown.GetProperty("state").ValueKind));
        Assert.All(with, shown => Assert.Equal(JsonValueKind.Null, shown.GetProperty("warning").ValueKind));
        Assert.All(
            (string[])["hash", "name", "progress", "size", "downloaded", "uploaded", "hasMetadata", "pieces", "piecesHave", "folder",
                "sequential", "forced"],
            member => Assert.Equal(with[0].GetProperty(member).ToString(), without[0].GetProperty(member).ToString()));
        Assert.All(
            (string[])["addedAt", "completedAt"],
            member => Assert.Equal(
                with[0].GetProperty(member).GetDateTimeOffset().ToUnixTimeSeconds(),
                without[0].GetProperty(member).GetDateTimeOffset().ToUnixTimeSeconds()));

        async Task<JsonElement[]> ListAsync() => [.. (await CliRun.Of(["list", "--json", .. state])).JsonLines];

        static string[] MembersOf(JsonElement shown) => [.. shown.EnumerateObject().Select(member => member.Name)];
    }

    [Fact]
    public async Task The_list_is_shown_again_every_second_until_it_is_interrupted()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        await using RunningCommand list = new("list", "--watch", "--json", "--state", folder["state"]);
        await CliRun.Of("add", $"magnet:?xt=urn:btih:{Hash}&dn=thing", "--stopped", "--state", folder["state"]);
        await list.WaitForAsync(shown => StatesIn(shown).Contains("stopped", StringComparer.Ordinal) ? shown : null);
        await CliRun.Of("start", Hash, "--state", folder["state"]);
        await list.WaitForAsync(shown => StatesIn(shown)[^1] is "fetching-metadata" ? shown : null);
        await CliRun.Of("remove", Hash, "--state", folder["state"]);
        int before = StatesIn(list).Length;
        await using RunningCommand words = new("list", "--watch", "--state", folder["state"]);
        await words.WaitForAsync(shown => shown.Out.Split("0 torrents.").Length > 3 ? shown : null);
        Assert.Equal(130, (await words.StopAsync()).ExitCode);
        Assert.InRange(StatesIn(list).Length, before, before + 1);
        Assert.Equal(130, (await list.StopAsync()).ExitCode);

        static string[] StatesIn(RunningCommand shown) => [.. shown.Events.Select(line => line.GetProperty("state").GetString()!)];
    }

    [Fact]
    public async Task A_list_that_is_watched_waits_for_a_daemon_that_is_away_and_finds_it_at_its_new_place()
    {
        using TemporaryFolder folder = new();
        RunningCommand daemon = await StartAsync(folder);
        await CliRun.Of("add", $"magnet:?xt=urn:btih:{Hash}&dn=thing", "--stopped", "--state", folder["state"]);
        CapturedStreams terminal = new() { OutIsTerminal = true };
        await using RunningCommand shown = new(terminal, "list", "--watch", "--state", folder["state"]);
        await using RunningCommand lines = new("list", "--watch", "--json", "--state", folder["state"]);
        await shown.WaitForAsync(running => running.Out.Contains("1 torrent.", StringComparison.Ordinal) ? running : null);
        await lines.WaitForAsync(running => running.Events.Any() ? running : null);
        await daemon.StopAsync();
        await shown.WaitForAsync(running => running.Out.Contains("when it is back", StringComparison.Ordinal) ? running : null);
        await lines.WaitForAsync(running => running.Error.Contains("when it is back", StringComparison.Ordinal) ? running : null);
        int before = lines.Events.Count();
        int length = shown.Out.Length;
        await using RunningCommand again = new(
            "daemon", "--state", folder["state"], "--download-folder", folder["data"], "--listen", "127.0.0.1:0", "--port", "0", "--bind",
            "127.0.0.1");
        await lines.WaitForAsync(running => running.Events.Count() > before ? running : null);
        await shown.WaitForAsync(running => running.Out[length..].Contains("thing", StringComparison.Ordinal) ? running : null);
        Assert.Single(lines.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_list_in_a_terminal_asks_only_for_what_it_can_show()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        for (int i = 1; i <= 5; i++)
            await CliRun.Of("add", $"magnet:?xt=urn:btih:{i:x40}&dn=thing{i}", "--stopped", "--state", folder["state"]);
        CapturedStreams terminal = new() { OutIsTerminal = true, Height = 6 };
        await using RunningCommand shown = new(terminal, "list", "--watch", "--state", folder["state"]);
        await shown.WaitForAsync(running => running.Out.Contains("The first 2 of 5 torrents.", StringComparison.Ordinal) ? running : null);
        Assert.DoesNotContain("thing3", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trackers_of_a_torrent_of_the_daemon_are_replaced_and_reset()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        string[] address = daemon.Out.Trim().Split("/#token=");
        using DaemonClient client = new(new Uri(address[0]), address[1]);
        await CliRun.Of("add", $"magnet:?xt=urn:btih:{Hash}&tr=http%3A%2F%2F127.0.0.1%3A1%2Fa", "--stopped", "--state", folder["state"]);

        CliRun set = await SetAsync("--tracker", "http://127.0.0.2:1/a,udp://127.0.0.3:1", "--tracker", "http://127.0.0.4:1/a");
        Assert.Equal(0, set.ExitCode);
        Assert.Equal([("http://127.0.0.2:1/a", 0), ("http://127.0.0.4:1/a", 1), ("udp://127.0.0.3:1", 0)], await TrackersAsync());
        CliRun both = await SetAsync("--tracker", "udp://127.0.0.3:1", "--reset-trackers");
        Assert.Contains("Either --tracker or --reset-trackers.", both.Error, StringComparison.Ordinal);
        Assert.Contains("'127.0.0.3' is not a URL", (await SetAsync("--tracker", "127.0.0.3")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await SetAsync("--reset-trackers")).ExitCode);
        Assert.Equal([("http://127.0.0.1:1/a", 0)], await TrackersAsync());

        Task<CliRun> SetAsync(params string[] args) => CliRun.Of(["set", Hash, .. args, "--state", folder["state"]]);

        async Task<IEnumerable<(string Url, int Tier)>> TrackersAsync()
        {
            TrackerList list = await client.TrackersAsync(Hash, TestContext.Current.CancellationToken);
            return list.Trackers.Select(tracker => (tracker.Url, tracker.Tier)).OrderBy(tracker => tracker.Url, StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task A_torrent_that_cannot_be_added_does_not_keep_the_others_out()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        string[] links = [.. Enumerable.Range(1, 3).Select(i => $"magnet:?xt=urn:btih:{i:x40}")];
        Assert.Equal(0, (await CliRun.Of("add", links[1], "--stopped", "--state", folder["state"])).ExitCode);
        using (FileStream film = File.Create(folder["film.iso"]))
            film.SetLength(1L << 40);
        CliRun run = await CliRun.Of(
            "add", links[0], links[1], folder["film.iso"], folder["none.torrent"], links[2], "--stopped", "--state", folder["state"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(2, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        string[] errors = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"freshet: {links[1]}: ", errors[0], StringComparison.Ordinal);
        Assert.Contains($"{folder["film.iso"]} is longer than", errors[1], StringComparison.Ordinal);
        Assert.Equal($"freshet: There is no file {folder["none.torrent"]}.", errors[2].TrimEnd());
        Assert.Equal(3, errors.Length);
    }

    [Fact]
    public async Task Settings_and_limits_are_shown_without_a_change_with_the_values_in_force()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        string kept = folder["state/daemon/settings.json"];
        Assert.Matches("(?m)^limits .*in force", (await CliRun.Of("limits", "--state", folder["state"])).Out);
        await CliRun.Of("settings", "--state", folder["state"]);
        Assert.False(File.Exists(kept));
        const string Always = """
            schedule=[{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "00:00", "to": "24:00",
            "maxDownloadRate": 5000, "maxUploadRate": 0}]
            """;
        CliRun changed = await CliRun.Of("settings", Always, "--state", folder["state"]);
        Assert.True(changed.ExitCode == 0, changed.Error);
        Assert.True(File.Exists(kept));
        string[] lines = (await CliRun.Of("limits", "--state", folder["state"])).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain("in force", lines[0] + lines[1], StringComparison.Ordinal);
        Assert.Matches("^schedule +down 4.88 KiB.*, up unlimited \\(in force\\)$", lines[2]);
    }

    [Fact]
    public async Task A_torrent_is_shown_with_its_trackers_and_whether_we_can_be_reached()
    {
        using TemporaryFolder folder = new();
        using OneAnswer tracker = new(200, "d14:failure reason24:not \u001b[31mregistered heree"u8.ToArray());
        await using RunningCommand daemon = await StartAsync(folder);
        string link = $"magnet:?xt=urn:btih:{Hash}&dn=thing&tr={Uri.EscapeDataString(tracker.AnnounceUrl)}";
        Assert.Equal(0, (await CliRun.Of("add", link, "--stopped", "--state", folder["state"])).ExitCode);
        Assert.Contains($"tracker    {tracker.AnnounceUrl}: not asked in this run\n", await ShownAsync(), StringComparison.Ordinal);
        Assert.Contains("reachable  unknown: no peer on the internet has connected yet\n", await ShownAsync(), StringComparison.Ordinal);
        await CliRun.Of("start", Hash, "--state", folder["state"]);
        using CancellationTokenSource bound = new(Patience.Bound);
        string shown;
        while (!(shown = await ShownAsync()).Contains("failing", StringComparison.Ordinal))
            bound.Token.ThrowIfCancellationRequested();
        Assert.Matches("tracker +.*: failing, 1 time in a row; asked again in .*; .*not .*registered here", shown);
        Assert.DoesNotContain('\u001b', shown);

        async Task<string> ShownAsync() => (await CliRun.Of("show", Hash, "--state", folder["state"])).Out;
    }

    [Fact]
    public async Task A_torrent_is_named_by_an_unambiguous_part_of_its_name_or_hash()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        string second = "c9e1" + Hash[4..].Replace('5', '6');
        await RunAsync("add", $"magnet:?xt=urn:btih:{Hash}&dn=Alpha", "--stopped");
        await RunAsync("add", $"magnet:?xt=urn:btih:{second}&dn=Alphabet", "--stopped");
        Assert.Equal(Hash, await ShownAsync("alpha"));
        Assert.Equal(second, await ShownAsync("ALPHAB"));
        Assert.Equal(second, await ShownAsync(second[..12]));
        Assert.Equal(0, (await RunAsync("peers", "alphab", "--json")).Json.GetProperty("peers").GetArrayLength());
        Assert.Contains("0 connected peers", (await RunAsync("peers", Hash)).Out, StringComparison.Ordinal);
        CliRun several = await RunAsync("stop", "al");
        Assert.Equal(1, several.ExitCode);
        Assert.Contains("may be any of 2 torrents", several.Error, StringComparison.Ordinal);
        Assert.Contains("Alphabet", several.Error, StringComparison.Ordinal);
        Assert.Contains("may be any of 2 torrents", (await RunAsync("log", "c9e1")).Error, StringComparison.Ordinal);
        Assert.Contains("no torrent \"beta\"", (await RunAsync("peers", "beta")).Error, StringComparison.Ordinal);

        async Task<string?> ShownAsync(string name)
        {
            CliRun shown = await RunAsync("show", name, "--json");
            Assert.True(shown.ExitCode == 0, shown.Error);
            return shown.Json.GetProperty("torrent").GetProperty("hash").GetString();
        }

        Task<CliRun> RunAsync(params string[] args) => CliRun.Of([.. args, "--state", folder["state"]]);
    }

    [Fact]
    public async Task Without_a_daemon_the_commands_say_so_and_list_reads_the_state_folder()
    {
        using TemporaryFolder folder = new();
        CliRun add = await CliRun.Of("add", Hash, "--state", folder["state"]);
        Assert.Equal(1, add.ExitCode);
        Assert.Contains("No daemon runs with the state folder", add.Error, StringComparison.Ordinal);

        // The leftovers of a daemon that was killed; a program that has its port now must not learn its token.
        using OneAnswer other = new(200, []) { MayBeLeftAlone = true };
        folder.Write("state/daemon/address", Encoding.ASCII.GetBytes(new Uri(new Uri(other.Url), "/") + "\n"));
        folder.Write("state/daemon/token", "some-token-that-is-long-enough-for-this\n"u8);
        folder.Write("state/daemon/lock", []);
        CliRun list = await CliRun.Of("list", "--state", folder["state"]);
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("in the state folder", list.Out, StringComparison.Ordinal);
        CliRun again = await CliRun.Of("add", Hash, "--state", folder["state"]);
        Assert.Contains("No daemon runs with the state folder", again.Error, StringComparison.Ordinal);
        Assert.Empty(other.Request);
        CliRun away = await CliRun.Of("list", "--server", "http://127.0.0.1:1/", "--token", "x");
        Assert.Contains("No daemon answers at http://127.0.0.1:1/", away.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_with_TLS_is_found_and_trusted_by_its_state_folder_or_by_its_certificate()
    {
        using TemporaryFolder folder = new();
        string file = WriteCertificate(folder);
        await using RunningCommand daemon = await StartAsync(folder, "--certificate", file);
        string[] local = ["--state", folder["state"]];
        Assert.Equal(0, (await CliRun.Of(["daemon", "health", .. local])).ExitCode);
        Assert.Equal(0, (await CliRun.Of(["list", .. local])).ExitCode);
        LocalDaemon found = LocalDaemon.Find(folder["state"])!;
        string[] named = ["list", "--server", found.Address.ToString(), "--token", found.Token!];
        CliRun unknown = await CliRun.Of(named);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("No daemon answers at https://127.0.0.1", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.Of([.. named, "--certificate", file])).ExitCode);
        string none = folder.Write("none.pem", "nothing"u8);
        Assert.Contains("none.pem cannot be read", (await CliRun.Of([.. named, "--certificate", none])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_and_mistakes_in_options_are_reported()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        string server = File.ReadAllText(folder["state/daemon/address"]).Trim();
        CliRun wrong = await CliRun.Of("list", "--server", server, "--token", "wrong");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("send the token", wrong.Error, StringComparison.Ordinal);
        CliRun mistakes = await CliRun.Of("daemon", "--port", "x", "--max-connections", "1");
        Assert.Equal(1, mistakes.ExitCode);
        Assert.Contains("Port (in the flags) is \"x\"", mistakes.Error, StringComparison.Ordinal);
        Assert.Contains("MaxConnections (in the flags) is \"1\"", mistakes.Error, StringComparison.Ordinal);
    }

    private static string WriteCertificate(TemporaryFolder folder)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=nas.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return folder.Write(
            "both.pem", Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n"));
    }

    private static async Task<RunningCommand> StartAsync(TemporaryFolder folder, params string[] more)
    {
        RunningCommand daemon = new(
            [
                "daemon", "--state", folder["state"], "--download-folder", folder["data"], "--listen", "127.0.0.1:0", "--port", "0",
                "--bind", "127.0.0.1", .. more,
            ]);
        string url = await daemon.WaitForAsync(running => running.Out.EndsWith('\n') ? running.Out : null);
        Assert.Contains("#token=", url, StringComparison.Ordinal);
        return daemon;
    }
}
