using Freshet.Cli.Output;
using Freshet.Core.Rates;

namespace Freshet.Cli.Transfers;

/// <summary>The closing line of a run.</summary>
internal static class TransferSummary
{
    public static string? Of(IReadOnlyList<Transfer> transfers, int exitCode)
    {
        if (transfers.Count == 0)
            return null;
        string what = transfers.Count == 1 ? transfers[0].Torrent.Name : Words.Count(transfers.Count, "torrent");
        long downloaded = transfers.Sum(transfer => transfer.Status.Downloaded.Bytes);
        long uploaded = transfers.Sum(transfer => transfer.Status.Uploaded.Bytes);
        string sent = uploaded > 0 ? $", {new ByteSize(uploaded)} sent" : "";
        int complete = transfers.Count(transfer => transfer.IsComplete);
        if (exitCode == ExitCode.Failed)
            return transfers.Count == 1 ? null : $"{what}: {Words.Number(complete)} complete, {new ByteSize(downloaded)} downloaded{sent}.";
        if (complete < transfers.Count)
        {
            long left = transfers.Sum(transfer => transfer.Status.Left.Bytes);
            return $"{what}: interrupted with {new ByteSize(left)} to go; the next run continues{sent}.";
        }

        int pieces = transfers.Sum(transfer => transfer.Status.PiecesHave);
        TimeSpan took = transfers.Max(transfer => transfer.CompletedAfter!.Value);
        if (downloaded > 0)
            return $"{what}: {new ByteSize(downloaded)} downloaded in {Words.Of(took)} ({Rate(downloaded, took)}), {Words.Count(pieces, "piece")} verified{sent}.";

        // Only what seeds goes on until it is interrupted.
        return exitCode == ExitCode.Interrupted
            ? $"{what}: {Words.Count(pieces, "piece")} seeded, {new ByteSize(uploaded)} sent."
            : $"{what}: {Words.Count(pieces, "piece")} there and verified, nothing to download{sent}.";
    }

    private static DataRate Rate(long bytes, TimeSpan took) => new((long)(bytes / Math.Max(took.TotalSeconds, 0.001)));
}
