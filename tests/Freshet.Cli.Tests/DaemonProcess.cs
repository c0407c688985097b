using System.Diagnostics;
using Freshet.Api;

namespace Freshet.Cli.Tests;

/// <summary>A daemon in a process of its own.</summary>
internal static class DaemonProcess
{
    public static Process Start(TemporaryFolder folder, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        ProcessStartInfo start = new(BuiltProgram.Command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[
            .. BuiltProgram.Command.Skip(1), "daemon", "--state", folder["state"], "--download-folder", folder["data"],
            "--listen", "127.0.0.1:0", "--port", "0", "--bind", "127.0.0.1", "--dht", "false", "--local-discovery", "false"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<DaemonClient> ConnectAsync(Process process)
    {
        string line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Bounded()
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        string[] parts = line.Split("#token=");
        string token = parts.Length > 1 ? parts[1] : File.ReadAllText(TokenFile(process));
        return new DaemonClient(new Uri(parts[0]), token.Trim());
    }

    private static string TokenFile(Process process)
    {
        string[] arguments = [.. process.StartInfo.ArgumentList];
        return Path.Combine(arguments[Array.IndexOf(arguments, "--state") + 1], "daemon", "token");
    }
}
