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
        if (transfers.All(transfer => transfer.IsComplete))
        {
            long size = transfers.Sum(transfer => transfer.Metainfo.Layout.TotalLength);
            TimeSpan took = transfers.Max(transfer => transfer.CompletedAfter!.Value);
            int pieces = transfers.Sum(transfer => transfer.Status.PiecesHave);
            return downloaded == 0
                ? $"{what}: {Words.Count(pieces, "piece")} there and verified, nothing to download{sent}."
                : $"{what}: {new ByteSize(downloaded)} of {new ByteSize(size)} downloaded in {Words.Of(took)} ({Rate(downloaded, took)}), "
                    + $"{Words.Count(pieces, "piece")} verified{sent}.";
        }

        long left = transfers.Sum(transfer => transfer.Status.Left.Bytes);
        return exitCode == ExitCode.Interrupted
            ? $"{what}: interrupted with {new ByteSize(left)} to go; the next run continues{sent}."
            : null;
    }

    private static DataRate Rate(long bytes, TimeSpan took) => new((long)(bytes / Math.Max(took.TotalSeconds, 0.001)));
}
