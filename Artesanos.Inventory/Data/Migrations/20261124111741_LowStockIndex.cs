using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Artesanos.Inventory.Data.Migrations
{
    /// <inheritdoc />
    public partial class LowStockIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_products_low_since",
                table: "products",
                column: "low_since",
                filter: "low_since IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_products_low_since",
                table: "products");
        }
    }
}
