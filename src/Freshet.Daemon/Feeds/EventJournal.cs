using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Freshet.Daemon.Feeds;

/// <summary>
/// The most recent events as they are sent, numbered, within limits. All clients read the same bytes, each from its position: an event is
/// built once, however many clients there are, and a client that does not read uses no memory here.
/// </summary>
internal sealed class EventJournal
{
    // Event numbers are only valid within one process.
    private readonly string _epoch = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _events = [];
    private TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _first = 1;
    private long _bytes;

    /// <summary>The number of the newest event; 0 before there is one.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
                return _first + _events.Count - 1;
        }
    }

    public void Append(string type, ReadOnlySpan<byte> json)
    {
        TaskCompletionSource appended;
        lock (_lock)
        {
            byte[] header = Encoding.ASCII.GetBytes($"id: {IdOf(_first + _events.Count)}\nevent: {type}\ndata: ");
            byte[] bytes = [.. header, .. json, .. "\n\n"u8];
            _events.Enqueue(bytes);
            _bytes += bytes.Length;
            while (_events.Count > Bounds.MaxKeptEvents || (_bytes > Bounds.MaxKeptEventBytes && _events.Count > 1))
            {
                _bytes -= _events.Dequeue().Length;
                _first++;
            }

            appended = _appended;
            _appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        appended.SetResult();
    }

    /// <summary>The events after a number, or null if they are no longer all kept.</summary>
    public IReadOnlyList<byte[]>? ReadAfter(long number)
    {
        lock (_lock)
        {
            if (number < _first - 1 || number > _first + _events.Count - 1)
                return null;
            return [.. _events.Skip((int)(number - _first + 1))];
        }
    }

    /// <summary>Completes when there is an event after a number.</summary>
    public Task WaitAsync(long number)
    {
        lock (_lock)
            return _first + _events.Count - 1 > number ? Task.CompletedTask : _appended.Task;
    }

    public string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{number}");

    /// <summary>The number in an id of this process, or null.</summary>
    public long? NumberOf(string? id) =>
        id is not null && id.Length > _epoch.Length + 1 && id.StartsWith(_epoch, StringComparison.Ordinal) && id[_epoch.Length] == '-'
        && long.TryParse(id.AsSpan(_epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
