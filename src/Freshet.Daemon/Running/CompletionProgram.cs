using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;
using Freshet.Api;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Running;

/// <summary>
/// Runs the configured program when a torrent is complete: a few at once, each for a bounded time. Names come from strangers, so each
/// argument is handed over as it is, and nothing is read by a shell.
/// </summary>
internal sealed class CompletionProgram : IAsyncDisposable
{
    private readonly ImmutableArray<string> _command;
    private readonly LogBook _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<Torrent> _waiting = Channel.CreateBounded<Torrent>(Bounds.MaxWaitingPrograms);
    private readonly Task[] _workers;

    public CompletionProgram(ImmutableArray<string> command, LogBook log)
    {
        _command = command;
        _log = log;
        _workers = command.IsEmpty ? [] : [.. Enumerable.Range(0, Bounds.MaxPrograms).Select(_ => WorkAsync())];
    }

    public void OnCompleted(Torrent torrent)
    {
        if (!_command.IsEmpty && !_waiting.Writer.TryWrite(torrent))
            _log.Add(LogLevelCode.Warning, "program", $"{torrent.Name}: too many wait for their program; none is run", HashOf(torrent));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    internal static ProcessStartInfo CommandOf(ImmutableArray<string> command, Torrent torrent)
    {
        ProcessStartInfo start = new(command[0]) { UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true };
        foreach (string argument in command.Skip(1))
            start.ArgumentList.Add(Fill(argument, torrent));

        // The configuration is none of the program's business.
        foreach (string name in
            start.Environment.Keys
            .Where(name => name.StartsWith(DaemonConfiguration.Prefix, StringComparison.Ordinal))
            .ToArray())
            start.Environment.Remove(name);
        return start;
    }

    // One pass, so that a name with braces in it is not filled in again.
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

    private async Task WorkAsync()
    {
        await foreach (Torrent torrent in _waiting.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            await RunAsync(torrent).ConfigureAwait(false);
    }

    private async Task RunAsync(Torrent torrent)
    {
        try
        {
            using Process? process = Process.Start(CommandOf(_command, torrent));
            if (process is null)
                return;
            process.StandardInput.Close();
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            patience.CancelAfter(Bounds.ProgramPatience);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            _log.Add(
                process.ExitCode == 0 ? LogLevelCode.Info : LogLevelCode.Warning,
                "program", $"{torrent.Name}: {_command[0]} ended with {process.ExitCode}", HashOf(torrent));
        }
        catch (OperationCanceledException)
        {
            _log.Add(
                LogLevelCode.Warning,
                "program", $"{torrent.Name}: {_command[0]} has not ended in time; it is left alone",
                HashOf(torrent));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            _log.Add(LogLevelCode.Error, "program", $"{torrent.Name}: {_command[0]} cannot be run: {e.Message}", HashOf(torrent));
        }
    }

    private static string HashOf(Torrent torrent) => torrent.InfoHash.ToString();
}
