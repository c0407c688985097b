namespace Freshet.Disk;

/// <summary>The work done by the disk threads.</summary>
/// <param name="BytesWritten">Payload passed to the storage, in bytes.</param>
/// <param name="Writes">The number of calls for it.</param>
/// <param name="PiecesHashed">The number of downloaded pieces that were hashed.</param>
/// <param name="HashBatches">The number of batches in which they were hashed.</param>
/// <param name="BytesChecked">The bytes read and hashed by checks.</param>
internal readonly record struct DiskStatistics(long BytesWritten, long Writes, long PiecesHashed, long HashBatches, long BytesChecked)
{
    public static DiskStatistics operator +(DiskStatistics left, DiskStatistics right) => new(
        left.BytesWritten + right.BytesWritten,
        left.Writes + right.Writes,
        left.PiecesHashed + right.PiecesHashed,
        left.HashBatches + right.HashBatches,
        left.BytesChecked + right.BytesChecked);
}
