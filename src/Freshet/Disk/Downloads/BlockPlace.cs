namespace Freshet.Disk.Downloads;

/// <summary>Where a block of an unfinished piece is.</summary>
internal enum BlockPlace : byte
{
    Nowhere,
    Memory,
    Disk,
    Both,
}
