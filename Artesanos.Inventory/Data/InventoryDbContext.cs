using Artesanos.Inventory.Catalog;
using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Data;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Artesanos.Inventory.Data;

/// <summary>
/// The schema of Inventory and its catalogue queries. Reservations are read and written set by
/// set in SQL (<see cref="ReservationSql"/>); the model only declares their table.
/// </summary>
internal sealed class InventoryDbContext(DbContextOptions<InventoryDbContext> options)
    : DbContext(options)
{
    public DbSet<Product> Products => Set<Product>();
    public DbSet<StockMovement> StockMovements => Set<StockMovement>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Product>(product =>
        {
            // Room on each page lets the counters of a product change in place (HOT updates).
            product.ToTable("products", table =>
            {
                table.HasCheckConstraint("ck_products_on_hand", "on_hand >= 0");
                table.HasCheckConstraint("ck_products_held", "held >= 0 AND held <= on_hand");
                table.HasCheckConstraint("ck_products_price", "price_minor > 0");
            }).HasStorageParameter("fillfactor", 50);
            product.Property(p => p.Id).ValueGeneratedNever();
            product.HasIndex(p => p.LowSince).HasFilter("low_since IS NOT NULL");
            product.Property(p => p.Currency).HasColumnType("char(3)");
            product.Property(p => p.Version).HasDefaultValue(1);
            product.Property<NpgsqlTsVector>(ProductSearch.Column)
                .HasComputedColumnSql(ProductSearch.ColumnSql, stored: true);
            product.HasIndex(ProductSearch.Column).HasMethod("gin");
            product.HasIndex(p => new { p.Town, p.Id });
            product.HasIndex(p => new { p.Artisan, p.Id });
            product.HasIndex(p => new { p.ArtisanSub, p.Id });
        });
        modelBuilder.Entity<StockMovement>(movement =>
        {
            movement.ToTable("stock_movements");
            movement.HasOne<Product>().WithMany().HasForeignKey(m => m.ProductId)
                .OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<ReservationRow>(row =>
        {
            row.ToTable("reservations");
            row.HasKey(r => r.OrderId);
            row.Property(r => r.OrderId).ValueGeneratedNever();
            row.Property(r => r.Lines).HasColumnType("jsonb");
            row.Property(r => r.Missing).HasColumnType("jsonb");
            row.Property(r => r.Currency).HasColumnType("char(3)");
            row.HasIndex(r => r.ReservedUntil).HasFilter("state = 'HELD'");
        });
        modelBuilder.Entity<NotificationRow>(row =>
        {
            row.ToTable("notifications");
            // One alert reaches a channel once, however often its message comes.
            row.HasKey(r => new { r.AlertId, r.Channel });
            row.HasIndex(r => new { r.Channel, r.DueAt }).HasFilter("status = 'PENDING'");
        });
        modelBuilder.AddMessaging();
    }
}
