namespace Freshet.Disk;

/// <summary>What the disk threads have done.</summary>
/// <param name="BytesWritten">Payload given to the storage.</param>
/// <param name="Writes">Calls that it took.</param>
/// <param name="PiecesHashed">Pieces of a download that were hashed.</param>
/// <param name="HashBatches">How often pieces were hashed, each time one or several together.</param>
/// <param name="BytesChecked">Bytes read and hashed by checks.</param>
internal readonly record struct DiskStatistics(long BytesWritten, long Writes, long PiecesHashed, long HashBatches, long BytesChecked)
{
    public static DiskStatistics operator +(DiskStatistics left, DiskStatistics right) => new(
        left.BytesWritten + right.BytesWritten,
        left.Writes + right.Writes,
        left.PiecesHashed + right.PiecesHashed,
        left.HashBatches + right.HashBatches,
        left.BytesChecked + right.BytesChecked);
}
