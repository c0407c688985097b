using Freshet.Cli.Output;
using Freshet.Core.Rates;

namespace Freshet.Cli.Transfers;

/// <summary>The closing line of a run.</summary>
internal static class TransferSummary
{
    /// <summary>What was done; null if an error has said it.</summary>
    public static string? Of(IReadOnlyList<Transfer> transfers)
    {
        if (transfers.Count == 0)
            return null;
        string what = transfers.Count == 1 ? transfers[0].Torrent.Name : Words.Count(transfers.Count, "torrent");
        long downloaded = transfers.Sum(transfer => transfer.Status.Downloaded.Bytes);
        long uploaded = transfers.Sum(transfer => transfer.Status.Uploaded.Bytes);
        string sent = uploaded > 0 ? $", {new ByteSize(uploaded)} uploaded" : "";
        int complete = transfers.Count(transfer => transfer.IsComplete);
        int failed = transfers.Count(transfer => transfer.HasFailed);
        if (failed > 0)
        {
            return transfers.Count == 1
                ? null
                : $"{what}: {Words.Number(complete)} complete, {Words.Number(failed)} failed, {new ByteSize(downloaded)} downloaded{sent}.";
        }

        if (complete < transfers.Count)
        {
            if (transfers.All(transfer => transfer.Metainfo is null))
                return $"{what}: interrupted before the metadata came; the next run continues.";
            long left = transfers.Sum(transfer => transfer.Status.Left.Bytes);
            return left > 0
                ? $"{what}: interrupted with {new ByteSize(left)} missing{sent}; the next run continues."
                : $"{what}: interrupted before it was complete on disk{sent}; the next run checks it.";
        }

        int pieces = transfers.Sum(transfer => transfer.Status.PiecesHave);
        TimeSpan took = transfers.Max(transfer => transfer.CompletedAfter!.Value);
        return downloaded > 0
            ? $"{what}: complete, {new ByteSize(downloaded)} downloaded in {Words.Of(took)} ({Rate(downloaded, took)}), "
                + $"{Words.Count(pieces, "piece")} verified{sent}."
            : $"{what}: complete, {Words.Count(pieces, "piece")} verified, nothing to download, {new ByteSize(uploaded)} uploaded.";
    }

    private static DataRate Rate(long bytes, TimeSpan took) => new((long)(bytes / Math.Max(took.TotalSeconds, 0.001)));
}
