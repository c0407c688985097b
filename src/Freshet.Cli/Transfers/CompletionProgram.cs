using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;

namespace Freshet.Cli.Transfers;

/// <summary>
/// Runs the user's program when a torrent is complete, once for each torrent over all runs: one at a time, each with a time limit. Names
/// come from strangers, so each is an argument of its own, and no shell is involved. If the program fails, that is a warning, and the
/// torrent still counts as complete.
/// </summary>
/// <param name="program">The program's path, or its name in PATH.</param>
/// <param name="reporter">Receives the program's output and its result.</param>
/// <param name="patience">The time limit.</param>
internal sealed class CompletionProgram(string program, ITransferReporter reporter, TimeSpan patience) : IDisposable
{
    /// <summary>The time limit of a program outside tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int MaxLineLength = 4096;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Runs the program for a complete torrent, unless that was done before, and waits for it to end.</summary>
    public async Task RunAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        if (transfer.Torrent.IsCompletionHandled)
            return;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RunOneAsync(transfer, cancellationToken).ConfigureAwait(false);
            await transfer.Torrent.SetCompletionHandledAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            Warn(transfer, $"will be run again, since it cannot be recorded that it was: {e.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task RunOneAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        using Process process = new() { StartInfo = CommandFor(transfer) };
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Warn(transfer, $"cannot be run: {e.Message.TrimEnd('.')}.");
            return;
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(patience);
        try
        {
            await process.WaitForExitAsync(bound.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            string limit = patience.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            Warn(transfer, $"was ended: it took longer than {limit} seconds.");
            return;
        }

        if (process.ExitCode != 0)
            Warn(transfer, $"ended with exit code {process.ExitCode}.");
    }

    private ProcessStartInfo CommandFor(Transfer transfer)
    {
        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in new[] { PathOf(transfer), transfer.Torrent.Name, transfer.Torrent.InfoHash.ToString() })
            start.ArgumentList.Add(argument.Replace("\0", "", StringComparison.Ordinal));
        SocketThreads.HideFrom(start.Environment);
        return start;
    }

    // The path of the torrent's single file, or of the folder that holds its files.
    private static string PathOf(Transfer transfer)
    {
        Torrent torrent = transfer.Torrent;
        if (transfer.Metainfo is not { IsMultiFile: true } metainfo)
            return torrent.Files[0].StoredPath;
        string first = metainfo.Files[0].Path;
        return Path.Combine(torrent.Folder, first[..first.IndexOf('/', StringComparison.Ordinal)]);
    }

    private void Log(string? line)
    {
        if (line is not null)
            reporter.Log(SafeText.Of(line.Length > MaxLineLength ? line[..MaxLineLength] : line));
    }

    private void Warn(Transfer transfer, string what) =>
        reporter.Warning($"{transfer.Torrent.Name}: {program} {what}", transfer.Torrent.InfoHash);
}
