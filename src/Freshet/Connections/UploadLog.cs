namespace Freshet.Connections;

/// <summary>
/// The outcomes of sent blocks, on their way from a connection's write loop to its torrent's loop, double-buffered like the
/// <see cref="Inbox"/>. Bounded by the blocks that may be queued in the <see cref="Outbox"/>, since only the torrent's loop puts them
/// there.
/// </summary>
internal sealed class UploadLog
{
    private readonly Lock _lock = new();
    private List<UploadOutcome> _filling = [];
    private List<UploadOutcome> _handled = [];

    /// <summary>Adds the outcomes of a batch of blocks.</summary>
    public void Add(ReadOnlySpan<BlockSlot> blocks, BlockReadResult result)
    {
        lock (_lock)
        {
            for (int i = 0; i < blocks.Length; i++)
                _filling.Add(new UploadOutcome(blocks[i].Block, i < result.Count ? null : result.Error));
        }
    }

    /// <summary>Takes all outcomes, to be handled before the next call.</summary>
    public List<UploadOutcome> Take()
    {
        lock (_lock)
        {
            _handled.Clear();
            (_filling, _handled) = (_handled, _filling);
            return _handled;
        }
    }
}
