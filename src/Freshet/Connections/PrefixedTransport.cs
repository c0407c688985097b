namespace Freshet.Connections;

/// <summary>
/// A transport to which bytes were given back: whoever negotiates something on a stream may have read further than that, and cannot know
/// before. They are received again first.
/// </summary>
/// <param name="below">Where they came from.</param>
/// <param name="unread">What is given back.</param>
internal sealed class PrefixedTransport(ITransport below, ReadOnlyMemory<byte> unread) : LayeredTransport(below)
{
    private ReadOnlyMemory<byte> _unread = unread;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (_unread.IsEmpty)
            return base.ReceiveAsync(buffer);

        // An empty buffer asks whether there is something to receive: there is.
        int length = Math.Min(buffer.Length, _unread.Length);
        _unread[..length].CopyTo(buffer);
        _unread = _unread[length..];
        return ValueTask.FromResult(length);
    }
}
