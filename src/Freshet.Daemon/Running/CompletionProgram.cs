using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Freshet.Api;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Running;

/// <summary>
/// Runs the configured program for a complete torrent, with a time limit. Names come from strangers, so each argument is passed as it is,
/// and no shell is involved.
/// </summary>
internal sealed class CompletionProgram(ImmutableArray<string> command, LogBook log)
{
    // The program that the daemon runs in sets them.
    private const string SocketChoices = "DOTNET_SYSTEM_NET_SOCKETS_";

    /// <summary>Whether a program is configured.</summary>
    public bool Exists => !command.IsEmpty;

    /// <summary>Runs it; false if it could not be started.</summary>
    /// <exception cref="OperationCanceledException">The daemon is stopping. A running program is left alone.</exception>
    public async Task<bool> RunAsync(Torrent torrent, CancellationToken stopping)
    {
        try
        {
            using Process? process = Process.Start(CommandOf(command, torrent));
            if (process is null)
                return false;
            process.StandardInput.Close();
            await process.WaitForExitAsync(stopping).WaitAsync(Bounds.ProgramPatience, stopping).ConfigureAwait(false);
            log.Add(
                process.ExitCode == 0 ? LogLevelCode.Info : LogLevelCode.Warning,
                "program", $"{torrent.Name}: {command[0]} ended with {process.ExitCode}", torrent.InfoHash.ToString());
            return true;
        }
        catch (TimeoutException)
        {
            log.Add(
                LogLevelCode.Warning,
                "program", $"{torrent.Name}: {command[0]} has not ended in time; it is left alone", torrent.InfoHash.ToString());
            return true;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            log.Add(
                LogLevelCode.Error,
                "program", $"{torrent.Name}: {command[0]} cannot be run, and is tried again at the next start: {e.Message}",
                torrent.InfoHash.ToString());
            return false;
        }
    }

    internal static ProcessStartInfo CommandOf(ImmutableArray<string> command, Torrent torrent)
    {
        ProcessStartInfo start = new(command[0]) { UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true };
        foreach (string argument in command.Skip(1))
            start.ArgumentList.Add(Fill(argument, torrent));

        HideFrom(start.Environment);
        return start;
    }

    /// <summary>Removes from a program's environment the configuration, and what was chosen for the sockets of this process.</summary>
    internal static void HideFrom(IDictionary<string, string?> environment)
    {
        foreach (string name in environment.Keys
            .Where(name => name.StartsWith(DaemonConfiguration.Prefix, StringComparison.Ordinal)
                || name.StartsWith(SocketChoices, StringComparison.Ordinal))
            .ToArray())
            environment.Remove(name);
    }

    // In a single pass, so that a name with braces in it is not expanded again.
    private static string Fill(string argument, Torrent torrent)
    {
        foreach (int start in Enumerable.Range(0, argument.Length).Where(i => argument[i] == '{'))
        {
            int end = argument.IndexOf('}', start);
            string? value = end < 0 ? null : argument[(start + 1)..end] switch
            {
                "name" => torrent.Name,
                "hash" => torrent.InfoHash.ToString(),
                "folder" => torrent.Folder,
                "labels" => string.Join(',', Labels.Of(torrent.Options)),
                _ => null,
            };
            if (value is not null)
                return string.Concat(
                    argument.AsSpan(0, start),
                    value.Replace("\0", "", StringComparison.Ordinal),
                    Fill(argument[(end + 1)..], torrent));
        }

        return argument;
    }
}
