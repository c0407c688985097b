using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Freshet.Cli.Consoles;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Output;

/// <summary>
/// The <c>--json</c> lines of <c>download</c> and <c>seed</c>: one object per line, written and flushed as a whole. Scripts and benchmarks
/// rely on the names here; they are documented in docs/cli.md. Thread-safe.
/// </summary>
internal sealed class JsonEvents(IConsoleStreams streams, TimeProvider clock)
{
    private const double ProgressSteps = 1e6;

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    public void Listening(IPEndPoint endPoint, int? takenPort) => Write("listening", writer =>
    {
        writer.WriteString("endpoint", endPoint.ToString());
        writer.WriteNumber("port", endPoint.Port);
        if (takenPort is { } taken)
            writer.WriteNumber("takenPort", taken);
        else
            writer.WriteNull("takenPort");
    });

    public void Added(InfoHash infoHash, string name, ByteSize? size) => Write("added", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteString("name", name);
        if (size is { } known)
            writer.WriteNumber("size", known.Bytes);
        else
            writer.WriteNull("size");
    });

    public void Learned(InfoHash infoHash, TorrentMetainfo metainfo) => Write("metadata", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteString("name", metainfo.Name);
        writer.WriteNumber("size", metainfo.Layout.TotalLength);
        writer.WriteNumber("pieceCount", metainfo.Layout.PieceCount);
        writer.WriteNumber("fileCount", metainfo.Files.Count(file => !file.IsPadding));
    });

    public void Checking(InfoHash infoHash, double done) => Write("checking", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteNumber("done", Round(done));
    });

    public void Progress(TorrentStatus status) => Write("progress", writer =>
    {
        WriteInfoHash(writer, status.InfoHash);
        writer.WriteString("state", Codes.Of(status.State));
        writer.WriteString("reason", Codes.Of(status.ReasonCode));
        writer.WriteNumber("done", Round(status.Progress));
        writer.WriteNumber("downloaded", status.Downloaded.Bytes);
        writer.WriteNumber("uploaded", status.Uploaded.Bytes);
        writer.WriteNumber("wasted", status.Wasted.Bytes);
        writer.WriteNumber("downloadRate", status.DownloadRate.BytesPerSecond);
        writer.WriteNumber("uploadRate", status.UploadRate.BytesPerSecond);
        writer.WriteNumber("peers", status.Peers);
        writer.WriteNumber("seeds", status.Seeds);
        if (status.Eta is { } eta)
            writer.WriteNumber("eta", (long)Math.Ceiling(eta.TotalSeconds));
        else
            writer.WriteNull("eta");
        writer.WriteString("why", Secrets.Mask(status.Why));
        writer.WriteString("whyCode", Codes.Of(status.WhyCode));
        WriteSpread(writer, status);
    });

    public void Completed(InfoHash infoHash, TimeSpan took) => Write("completed", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
    });

    public void Seeding(InfoHash infoHash) => Write("seeding", writer => WriteInfoHash(writer, infoHash));

    public void SeedingEnded(InfoHash infoHash, SeedLimit limit) => Write("seeding-ended", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteString("limit", Codes.Of(limit));
    });

    public void Found(InfoHash infoHash, IReadOnlyList<PlacedFile> files) => Write("found", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteStartArray("files");
        foreach (PlacedFile file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("path", file.File.Path);
            writer.WriteString("foundAt", file.FoundAt);
            writer.WriteString("way", Codes.Of(file.Way));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public void Streaming(InfoHash infoHash, Uri url) => Write("streaming", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteString("url", url.AbsoluteUri);
    });

    public void WaitingForDisk(InfoHash infoHash, TorrentReason reason, string message) => Write("waiting-for-disk", writer =>
    {
        writer.WriteString("message", Secrets.Mask(message));
        WriteInfoHash(writer, infoHash);
        writer.WriteString("reason", Codes.Of(reason));
    });

    public void Resumed(InfoHash infoHash, TorrentState state) => Write("resumed", writer =>
    {
        WriteInfoHash(writer, infoHash);
        writer.WriteString("state", Codes.Of(state));
    });

    public void Warning(string message, InfoHash? infoHash) => WriteMessage("warning", message, infoHash);

    public void Error(string message, InfoHash? infoHash, TorrentReason reason) => Write("error", writer =>
    {
        writer.WriteString("message", Secrets.Mask(message));
        if (infoHash is { } hash)
            WriteInfoHash(writer, hash);
        writer.WriteString("reason", Codes.Of(reason));
    });

    public void Finished(int exitCode) => Write("finished", writer => writer.WriteNumber("exitCode", exitCode));

    private void WriteMessage(string name, string message, InfoHash? infoHash) => Write(name, writer =>
    {
        writer.WriteString("message", Secrets.Mask(message));
        if (infoHash is { } hash)
            WriteInfoHash(writer, hash);
    });

    private static void WriteSpread(Utf8JsonWriter writer, TorrentStatus status)
    {
        if (status.Availability is { } availability)
            writer.WriteNumber("availability", availability);
        else
            writer.WriteNull("availability");
        if (status.DistributedCopies is { } copies)
            writer.WriteNumber("copies", Math.Round(copies, 3, MidpointRounding.ToZero));
        else
            writer.WriteNull("copies");
    }

    private static void WriteInfoHash(Utf8JsonWriter writer, InfoHash infoHash) => writer.WriteString("infoHash", infoHash.ToString());

    /// <summary>Rounded down to a millionth: 1 means complete.</summary>
    private static double Round(double done) => Math.Floor(done * ProgressSteps) / ProgressSteps;

    private void Write(string name, Action<Utf8JsonWriter> writeFields)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (Utf8JsonWriter writer = new(_line, JsonOutput.OneLine))
            {
                writer.WriteStartObject();
                writer.WriteString(
                    "time", clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                writer.WriteString("event", name);
                writeFields(writer);
                writer.WriteEndObject();
            }

            _line.Write("\n"u8);
            streams.OutBytes.Write(_line.WrittenSpan);
            streams.OutBytes.Flush();
        }
    }
}
