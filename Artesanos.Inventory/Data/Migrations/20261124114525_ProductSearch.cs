using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

namespace Artesanos.Inventory.Data.Migrations
{
    /// <inheritdoc />
    public partial class ProductSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "products",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<NpgsqlTsVector>(
                name: "search",
                table: "products",
                type: "tsvector",
                nullable: true,
                computedColumnSql: "to_tsvector('simple', lower(regexp_replace(normalize(\n    name || ' ' || artisan || ' ' || town || ' ' || description, NFD),\n    '[\\u0300-\\u036f]', '', 'g')))\n|| to_tsvector('spanish', lower(regexp_replace(normalize(\n    name || ' ' || artisan || ' ' || town || ' ' || description, NFD),\n    '[\\u0300-\\u036f]', '', 'g')))",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_products_artisan_id",
                table: "products",
                columns: new[] { "artisan", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_products_artisan_sub_id",
                table: "products",
                columns: new[] { "artisan_sub", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_products_search",
                table: "products",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_products_town_id",
                table: "products",
                columns: new[] { "town", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_products_artisan_id",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_products_artisan_sub_id",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_products_search",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_products_town_id",
                table: "products");

            migrationBuilder.DropColumn(
                name: "search",
                table: "products");

            migrationBuilder.DropColumn(
                name: "version",
                table: "products");
        }
    }
}
