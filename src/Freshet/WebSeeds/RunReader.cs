using System.Buffers;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.WebSeeds;

/// <summary>
/// Reads a run of a torrent's bytes from a web seed in order: one request for each file in it, and more if the server sends less at a time.
/// Padding is not requested, since it is not stored (BEP 47).
/// </summary>
internal sealed class RunReader : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(WebSeedLimits.SilenceSeconds);

    private readonly WebSeedLine _line;
    private readonly FetchOrder _order;
    private readonly OwnWaits _waits;
    private readonly CancellationTokenSource _patience;
    private readonly byte[] _tail = new byte[1];
    private FileAnswer? _answer;
    private Stream? _body;

    public RunReader(WebSeedLine line, FetchOrder order, OwnWaits waits, CancellationToken abort)
    {
        _line = line;
        _order = order;
        _waits = waits;
        _patience = CancellationTokenSource.CreateLinkedTokenSource(abort);
    }

    /// <summary>The last request, for error messages.</summary>
    public FileRequest? Request { get; private set; }

    /// <summary>Bytes that were read and discarded.</summary>
    public int Skipped { get; private set; }

    /// <summary>Fills memory with the bytes that follow those read before.</summary>
    /// <param name="into">The memory to fill.</param>
    /// <param name="offset">The offset in the torrent.</param>
    /// <exception cref="WebSeedException">The web seed does not send them; the message says why.</exception>
    public async ValueTask ReadAsync(Memory<byte> into, long offset)
    {
        for (int done = 0; done < into.Length;)
        {
            FileSlice slice = FirstSlice(offset + done, into.Length - done);
            Memory<byte> part = into.Slice(done, slice.Length);
            if (_line.Metainfo.Files[slice.FileIndex].IsPadding)
                part.Span.Clear();
            else
                await ReadFileAsync(slice, part).ConfigureAwait(false);
            done += slice.Length;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _patience.Dispose();
        await CloseAsync().ConfigureAwait(false);
    }

    private FileSlice FirstSlice(long offset, int length)
    {
        FileSliceEnumerator slices = _line.Metainfo.Layout.SlicesOf(offset, length);
        slices.MoveNext();
        return slices.Current;
    }

    private async ValueTask ReadFileAsync(FileSlice slice, Memory<byte> into)
    {
        for (int done = 0; done < into.Length;)
        {
            if (_answer is null || _answer.File != slice.FileIndex)
                await OpenAsync(slice.FileIndex, slice.Offset + done).ConfigureAwait(false);
            int wanted = (int)Math.Min(into.Length - done, _answer!.Left);
            int read = await ReceiveAsync(into.Slice(done, wanted)).ConfigureAwait(false);
            done += read;
            _answer.Left -= read;
            if (_answer.Left == 0)
                await FinishAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask OpenAsync(int file, long offset)
    {
        await CloseAsync().ConfigureAwait(false);
        TorrentFile asked = _line.Metainfo.Files[file];
        if (_order.IsInOrder && TryContinue(asked, offset))
        {
            await SkipAsync(_answer!.ToSkip).ConfigureAwait(false);
            return;
        }

        HttpHop? found = _line.FoundAt(_order.Url, asked);
        bool isOpen = found is not null && await TryOpenAgainAsync(asked, offset, found).ConfigureAwait(false);
        if (!isOpen)
            await OpenAsync(asked, offset, _line.HopFor(_order.Url, asked)).ConfigureAwait(false);
        if (_answer!.Hop != Request!.Hop)
            _line.Remember(_order.Url, file, _answer.Hop);
        if (_answer.ToSkip > 0)
            await SkipAsync(_answer.ToSkip).ConfigureAwait(false);
    }

    // Where a file was found may be gone: such URLs are often signed for a few minutes. Then its own URL leads elsewhere.
    private async ValueTask<bool> TryOpenAgainAsync(TorrentFile file, long offset, HttpHop found)
    {
        bool isOpen = false;
        try
        {
            await OpenAsync(file, offset, found).ConfigureAwait(false);
            return isOpen = true;
        }
        catch (Exception e) when (e is WebSeedException or HttpRequestException or IOException or InvalidDataException)
        {
            return false;
        }
        finally
        {
            if (!isOpen)
                _line.Remember(_order.Url, file.Index, null);
        }
    }

    // The answer to the request before it may go on.
    private bool TryContinue(TorrentFile file, long offset)
    {
        if (_line.TakeRest(_order.Url) is not { } rest)
            return false;
        Request = RequestFor(file, offset, rest.Answer.Hop);
        if (rest.Answer.TryContinue(Request))
        {
            (_answer, _body) = (rest.Answer, rest.Body);
            return true;
        }

        rest.Dispose();
        return false;
    }

    private FileRequest RequestFor(TorrentFile file, long offset, HttpHop hop)
    {
        long end = Math.Min(file.Offset + file.Length, _order.Offset + _order.Length);
        return new FileRequest(hop, file.Index, file.Length, offset, end - file.Offset - offset) { IsInOrder = _order.IsInOrder };
    }

    private async ValueTask OpenAsync(TorrentFile file, long offset, HttpHop hop)
    {
        Request = RequestFor(file, offset, hop);
        _patience.CancelAfter(Silence);
        _answer = await _line.Services.Client.AskAsync(Request, _patience.Token).ConfigureAwait(false);
        _body = await _answer.OpenAsync(_patience.Token).ConfigureAwait(false);
    }

    private async ValueTask SkipAsync(int bytes)
    {
        byte[] unwanted = ArrayPool<byte>.Shared.Rent(Limits.BlockLength);
        try
        {
            while (bytes > 0)
            {
                int read = await ReceiveAsync(unwanted.AsMemory(0, Math.Min(bytes, Limits.BlockLength))).ConfigureAwait(false);
                Skipped += read;
                bytes -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unwanted);
        }
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> into)
    {
        // There is no time limit on waits of our own, only on those for the server.
        _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        int granted = await _waits.TakeAsync(into.Length).ConfigureAwait(false);
        int read = 0;
        try
        {
            _patience.CancelAfter(Silence);
            read = await _body!.ReadAsync(into[..granted], _patience.Token).ConfigureAwait(false);
        }
        finally
        {
            _waits.Return(granted - read);
        }

        return read > 0 ? read : throw new WebSeedException(new FetchEnd(FetchFault.Unreachable)
        {
            Words = $"{FileAnswer.HostOf(Request!.Hop)} ended its answer too early",
        });
    }

    // The end of the body is read too: only then can its connection be reused.
    private async ValueTask FinishAsync()
    {
        if (_answer!.EndsThere && await _body!.ReadAsync(_tail, _patience.Token).ConfigureAwait(false) > 0)
            throw FileAnswer.Wrong(Request!, "sends more than it was asked for");
        if (_order.IsInOrder && _answer is { IsWhole: true, EndsThere: false })
        {
            _line.KeepRest(_order, new FileRest(_answer, _body!));
            (_answer, _body) = (null, null);

            // Nobody takes it over from a request that was aborted.
            if (_patience.IsCancellationRequested)
                _line.TakeRest(_order.Url)?.Dispose();
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private async ValueTask CloseAsync()
    {
        if (_body is not null)
            await _body.DisposeAsync().ConfigureAwait(false);
        _answer?.Dispose();
        _body = null;
        _answer = null;
    }
}
