using System.Diagnostics;

namespace Freshet.Cli.Tests.Consoles;

/// <summary>What the program writes to a terminal, which <c>script</c> provides.</summary>
public sealed class TerminalTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // In application mode the arrow keys send other bytes, which the shell does not know when it has the terminal back.
    [Theory]
    [InlineData("--help")]
    [InlineData("verify")]
    [InlineData("download")]
    public async Task It_is_left_in_the_mode_that_it_was_in(string command)
    {
        Requires.That(
            OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "The program 'script' (Debian: bsdutils) is not installed.");
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("file", 40_000)]);
        string path = _folder.Write("x.torrent", torrent);
        SampleTorrent.WriteFiles(_folder, files);
        string[] more = command switch
        {
            "verify" => [path, "-o", _folder.Path],
            "download" => [path, "-o", _folder.Path, "--no-resume", "--port", "0", "--bind", "127.0.0.1"],
            _ => [],
        };
        string shown = await ShowAsync([command, .. more]);
        Assert.Contains(command == "--help" ? "Usage" : "sample", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[?1h", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\e=", shown, StringComparison.Ordinal);
    }

    private static async Task<string> ShowAsync(string[] arguments)
    {
        string line = string.Join(' ', BuiltProgram.Command.Concat(arguments).Select(word => $"'{word}'"));
        ProcessStartInfo start = new("/usr/bin/script", ["--quiet", "--return", "--command", line, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource late = new(Bound);
        try
        {
            string shown = await process.StandardOutput.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            Assert.True(process.ExitCode == 0, shown);
            return shown;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
