using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Tests.Sessions;

/// <summary>
/// Stands between a dialling session and another one, passes on every byte of both directions, and notes when those from the dialled
/// session passed.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _ending = new();
    private readonly List<(TimeSpan When, long Bytes)> _passed = [];
    private readonly List<Task> _pumps = [];
    private readonly Task _accepting;
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _bytes;

    public CountingProxy(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>For each window of at least the given length: its bytes per second. Nothing before the given time counts.</summary>
    public List<double> RatesOver(TimeSpan window, TimeSpan from)
    {
        List<double> rates = [];
        lock (_passed)
        {
            int end = 0;
            for (int begin = 0; begin < _passed.Count; begin++)
            {
                if (_passed[begin].When < from)
                    continue;
                while (end < _passed.Count && _passed[end].When < _passed[begin].When + window)
                    end++;
                if (end == _passed.Count)
                    break;
                rates.Add((_passed[end].Bytes - _passed[begin].Bytes) / (_passed[end].When - _passed[begin].When).TotalSeconds);
            }
        }

        return rates;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_pumps);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_ending.Token);
                TcpClient target = new() { NoDelay = true };
                await target.ConnectAsync(_target, _ending.Token);
                _pumps.Add(PumpAsync(client, target, isCounted: false));
                _pumps.Add(PumpAsync(target, client, isCounted: true));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isCounted)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _ending.Token) is > 0 and int read)
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _ending.Token);
                if (isCounted)
                    Note(read);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }

    private void Note(int bytes)
    {
        lock (_passed)
        {
            _bytes += bytes;
            _passed.Add((Stopwatch.GetElapsedTime(_began), _bytes));
        }
    }
}
