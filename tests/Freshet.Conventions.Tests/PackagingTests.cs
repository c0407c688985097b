using System.Diagnostics;
using System.Text.RegularExpressions;
using Freshet.Daemon;

namespace Freshet.Conventions.Tests;

/// <summary>The files in packaging/ work with what is built here.</summary>
public class PackagingTests
{
    private static readonly string Unit = Read("freshet.service");
    private static readonly string Dockerfile = Read("Dockerfile");

    [Fact]
    public void The_commands_of_the_unit_and_of_the_container_have_flags_that_the_daemon_knows()
    {
        Assert.Equal(
            ["/usr/local/bin/freshet daemon"],
            Regex.Matches(Unit, "^ExecStart=(.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value));
        IEnumerable<string> ours = Dockerfile.Split('\n').Where(line => line.Contains("bin/freshet\", ", StringComparison.Ordinal));
        string[] flags = [.. ours.SelectMany(line => Regex.Matches(line, @"(?<=[\s""])--(?!interval|timeout|start)[a-z-]+(?=[\s""])"))
            .Select(match => match.Value)];
        Assert.Equal(["--state"], flags);
        Assert.Subset(DaemonConfiguration.Settings.Select(setting => setting.Flag).ToHashSet(), flags.ToHashSet());
    }

    [Fact]
    public void The_variables_of_the_container_are_options()
    {
        KeyValuePair<string, string>[] variables = [.. Regex.Matches(Dockerfile, @"\b(FRESHET_\w+)=(\S+)")
            .Select(match => KeyValuePair.Create(match.Groups[1].Value, match.Groups[2].Value))];
        Assert.Equal(3, variables.Length);
        Assert.Empty(DaemonConfiguration.UnknownVariables(variables));
        DaemonOptions options = DaemonConfiguration.Read(null, variables, []);
        Assert.Equal(
            ("/state", "/data", 8690), (options.Session.StateFolder, options.Session.DownloadFolder, options.Listen.Single().Port));
    }

    [Fact]
    public void The_variables_of_the_unit_are_options_and_the_two_folders_are_apart()
    {
        string[] lines = [.. Regex.Matches(Unit, "^(?:#   )?Environment=(.*)$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)];
        Assert.Equal(2, lines.Length);
        KeyValuePair<string, string>[] variables = [.. lines[0].Replace("%S", "/var/lib", StringComparison.Ordinal).Split(' ')
            .Select(pair => KeyValuePair.Create(pair.Split('=')[0], pair.Split('=')[1]))];
        Assert.Empty(DaemonConfiguration.UnknownVariables(variables.Append(new(lines[1].Split('=')[0], ""))));
        DaemonOptions options = DaemonConfiguration.Read(null, variables, []);
        Assert.Equal(
            ("/var/lib/freshet/state", "/var/lib/freshet/data"), (options.Session.StateFolder, options.Session.DownloadFolder));
    }

    [Fact]
    public void The_service_sees_the_routes_by_which_its_router_is_found() =>
        Assert.DoesNotContain(Unit.Split('\n'), line => line.StartsWith("ProcSubset=", StringComparison.Ordinal));

    [Fact]
    public void The_unit_runs_as_the_user_that_is_made_for_it()
    {
        string user = Regex.Match(Unit, "^User=(.*)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Matches($"(?m)^u {user} - ", Read("freshet.sysusers"));
        Assert.DoesNotContain("DynamicUser=yes", Unit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd_accepts_the_unit_and_finds_little_exposure()
    {
        using TemporaryFolder folder = new();
        string path = folder["freshet.service"];
        File.WriteAllText(path, Unit.Replace("/usr/local/bin/freshet", "/bin/true", StringComparison.Ordinal));
        (int code, string said) = await AnalyzeAsync("verify", "--man=no", path);
        Assert.Equal((0, ""), (code, said));

        // In tenths: systemd calls a service "OK" from 10 on, and "MEDIUM" from 50 on.
        (code, said) = await AnalyzeAsync("security", "--offline=true", "--threshold=20", path);
        Assert.True(code == 0, said);
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, "packaging", name));

    private static async Task<(int Code, string Said)> AnalyzeAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("systemd-analyze", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> outside = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Bounded();
        return (process.ExitCode, errors + await outside);
    }
}
