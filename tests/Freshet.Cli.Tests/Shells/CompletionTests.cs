using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Freshet.Cli.Tests.Shells;

/// <summary>What real shells offer, with the scripts that we print.</summary>
public sealed class CompletionTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public CompletionTests()
    {
        _folder.Write("some.torrent", []);
        _folder.Write("other.txt", []);
        Directory.CreateDirectory(_folder["a folder"]);
    }

    public static TheoryData<string> Shells => ["bash", "zsh", "fish"];

    /// <summary>What is typed before Tab, and everything that every shell offers then.</summary>
    private static readonly (string Typed, string[] Offered)[] Offers =
    [
        ("freshet do", ["download"]),
        ("freshet ver", ["verify"]),
        ("freshet --he", ["--help"]),
        ("freshet --v", ["--version"]),
        ("freshet info --j", ["--json"]),
        ("freshet info some.torrent --j", ["--json"]),
        ("freshet completion z", ["zsh"]),
        ("freshet completion ", ["bash", "fish", "zsh"]),
        ("freshet download a.torrent --max-", ["--max-active", "--max-download", "--max-peers", "--max-upload"]),
        ("freshet tracker --i", ["--interval"]),
        ("freshet info so", ["some.torrent"]),
        ("freshet download some.torrent so", ["some.torrent"]),
        ("freshet download --peer x so", ["some.torrent"]),
        ("freshet download some.torrent -o ", ["a folder"]),
        ("freshet seed some.torrent -o ", ["a folder"]),
        ("freshet verify a", ["a folder"]),
        ("freshet decode ot", ["other.txt"]),
        ("freshet create o", ["other.txt"]),
        ("freshet create other.txt --output so", ["some.torrent"]),
        ("freshet create a --comment s", []),
        ("freshet download some.torrent --port ", []),
        ("freshet frobnicate s", []),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_offers_what_fits(string shell)
    {
        RequireInstalled(shell);
        string[][] offered = await CompleteAsync(shell, [.. Offers.Select(offer => offer.Typed)]);
        Assert.Equal(
            Offers.Select(offer => $"{offer.Typed}: {string.Join(' ', offer.Offered)}"),
            Offers.Zip(offered).Select(pair => $"{pair.First.Typed}: {string.Join(' ', pair.Second)}"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_name_that_was_begun_with_an_escape_is_completed(string shell)
    {
        RequireInstalled(shell);
        Assert.Equal(["a folder"], (await CompleteAsync(shell, "freshet verify a\\ f"))[0]);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_offers_every_command_and_every_option(string shell)
    {
        RequireInstalled(shell);
        string[] commands = [.. (await CompleteAsync(shell, "freshet "))[0].Where(offered => char.IsLetter(offered[0]))];
        Assert.Equal(35, commands.Length);
        string[][] offered = await CompleteAsync(shell, [.. commands.Select(command => $"freshet {command} --")]);
        foreach ((string command, string[] options) in commands.Zip(offered))
        {
            CliRun help = await CliRun.Of(command, "--help");
            HashSet<string> known = [.. Regex.Matches(help.Out, "^  (-., )*(?<name>--[a-z-]+)", RegexOptions.Multiline)
                .Select(match => match.Groups["name"].Value)];
            Assert.Contains("--help", options);
            Assert.Superset(known, options.ToHashSet());
        }
    }

    private static void RequireInstalled(string shell)
    {
        bool isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, shell)));
        Requires.That(isInstalled, $"{shell} is not installed.");
    }

    /// <summary>What a shell offers after each of the lines: sorted, without quotes, and folders without the slash at their end.</summary>
    private async Task<string[][]> CompleteAsync(string shell, params string[] lines)
    {
        CliRun script = await CliRun.Of("completion", shell);
        using TemporaryFolder scripts = new();
        string path = scripts.Write("_freshet", System.Text.Encoding.UTF8.GetBytes(script.Out));
        string[] driver = shell switch
        {
            "bash" => [Driver("complete.bash")],
            "zsh" => ["-f", Driver("complete.zsh")],
            _ => ["--no-config", Driver("complete.fish")],
        };
        string output = await RunAsync(shell, [.. driver, path, .. lines]);
        string[] answers = output.Split("----\n")[..^1];
        Assert.Equal(lines.Length, answers.Length);
        return [.. answers.Select(answer => Names(answer))];
    }

    private static string[] Names(string answer) =>
        [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')[0].Replace("\\", "", StringComparison.Ordinal).TrimEnd('/'))
            .Distinct()
            .Order(StringComparer.Ordinal)];

    private static string Driver(string name) => Path.Combine(AppContext.BaseDirectory, "Shells", name);

    private async Task<string> RunAsync(string shell, params string[] args)
    {
        ProcessStartInfo start = new(shell, args)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        Task<string> error = process.StandardError.ReadToEndAsync(bound.Token);
        string output = await process.StandardOutput.ReadToEndAsync(bound.Token);
        await process.WaitForExitAsync(bound.Token);
        Assert.Equal("", await error);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
